const prepared = new WeakSet<Document>();

/**
 * xterm writes style sheets into `<style>` elements and colours of single cells into `style` attributes;
 * `style-src 'self'` refuses both, and both have a form by script that it allows. xterm 6 takes the document from
 * three places of which only one can be given to it (CoreBrowserTerminal, CoreBrowserService, DomRowFactory), so the
 * document itself makes elements that know the allowed form. All other elements are as they were.
 */
export function applyConstructedStyles(real: Document): void {
  if (prepared.has(real)) return;
  prepared.add(real);
  const create = (name: string, options?: ElementCreationOptions): HTMLElement =>
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the overload for any name, which is not
    Document.prototype.createElement.call(real, name, options);
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    if (name === 'style') return styleStandIn(real, create('template'));
    const element = create(name, options);
    if (name === 'span') element.setAttribute = setAttribute;
    return element;
  };
  Object.defineProperty(real, 'createElement', { configurable: true, value: createElement });
}

/** Even an empty `<style>` in the page is refused; a template is as invisible, and only holds the place. */
function styleStandIn(real: Document, element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  real.adoptedStyleSheets = [...real.adoptedStyleSheets, sheet];
  Object.defineProperty(element, 'textContent', { set: (css: string) => sheet.replaceSync(css) });
  Object.defineProperty(element, 'remove', {
    value: () => {
      real.adoptedStyleSheets = real.adoptedStyleSheets.filter((each) => each !== sheet);
      Element.prototype.remove.call(element);
    },
  });
  return element;
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

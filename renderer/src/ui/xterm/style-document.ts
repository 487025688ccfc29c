/**
 * xterm writes its style sheets into `<style>` elements, which `style-src 'self'` refuses. The document it is given
 * here makes stand-ins whose text goes into a constructed style sheet instead; the policy allows those.
 */
export function styleDocument(real: Document): Document {
  return new Proxy(real, {
    get(target, property) {
      if (property === 'createElement') return (name: string) => createElement(target, name);
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value as (...input: unknown[]) => unknown).bind(target) : value;
    },
  });
}

function createElement(real: Document, name: string): HTMLElement {
  if (name !== 'style') {
    const plain = real.createElement(name);
    plain.setAttribute = setAttribute;
    return plain;
  }
  // Even an empty `<style>` in the page is reported; a template is as invisible, and only ever holds the place.
  const element = real.createElement('template');
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

/** Colours of single cells come as a `style` attribute, which is refused as well; the same by script is not. */
function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

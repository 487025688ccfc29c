/**
 * xterm writes its style sheets into `<style>` elements, which `style-src 'self'` refuses. The document it is given
 * here makes style elements whose text goes into a constructed style sheet instead; the policy allows those.
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
  const element = real.createElement(name);
  if (name !== 'style') return element;
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

/**
 * Docker's filter by name, a search for a part of it. `^` and `$` stand for its beginning and end, `*` for anything, and
 * `|` parts alternatives; names may be written with docker's slash. No regular expressions: a filter comes from outside,
 * and theirs can take for ever.
 */
export function matchesName(name: string, filter: string): boolean {
  return filter.split('|').some((alternative) => matches(name, alternative));
}

function matches(name: string, alternative: string): boolean {
  const atBeginning = /^(\^\/?|\/)/.test(alternative);
  const atEnd = alternative.endsWith('$');
  const middle = alternative.replace(/^(\^\/?|\/)/, '').replace(/\$$/, '');
  const parts = middle.split(/\.?\*/);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const found = isLast && atEnd ? name.length - part.length : name.indexOf(part, at);
    if (found < at || !name.startsWith(part, found)) return false;
    if (index === 0 && atBeginning && found !== 0) return false;
    at = found + part.length;
  }
  return true;
}

/**
 * Whether a name is of a pattern as Go's path.Match has them: `*` is anything but a slash, `?` one character but a slash,
 * `[a-z]` and `[^a-z]` one of a class, `\` takes the next character as it is. Null: the pattern is none. No regular
 * expression: a pattern comes from outside, and theirs can take for ever.
 */
export function matchesGlob(pattern: string, name: string): boolean | null {
  const steps = parseGlob(pattern);
  if (steps === null) return null;
  let at = 0;
  let step = 0;
  /** Where to go on when what follows the latest `*` does not fit. */
  let retry: { readonly step: number; at: number } | null = null;
  while (at < name.length || step < steps.length) {
    const current = steps[step];
    const character = name[at];
    if (current === 'any') {
      retry = { step, at };
      step += 1;
    } else if (current !== undefined && character !== undefined && current(character)) {
      step += 1;
      at += 1;
    } else if (retry !== null && retry.at < name.length && name[retry.at] !== '/') {
      retry.at += 1;
      at = retry.at;
      step = retry.step + 1;
    } else return false;
  }
  return true;
}

/** `any`: any number of characters but a slash; else whether one character fits. */
type Step = 'any' | ((character: string) => boolean);

function parseGlob(pattern: string): readonly Step[] | null {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    if (character === '*') {
      if (steps.at(-1) !== 'any') steps.push('any');
    } else if (character === '?') {
      steps.push((other) => other !== '/');
    } else if (character === '[') {
      const end = endOfClass(pattern, at);
      const fits = end === -1 ? null : parseClass(pattern.slice(at + 1, end));
      if (fits === null) return null;
      steps.push(fits);
      at = end;
    } else {
      const literal = character === '\\' ? pattern[(at += 1)] : character;
      if (literal === undefined) return null;
      steps.push((other) => other === literal);
    }
  }
  return steps;
}

function endOfClass(pattern: string, begin: number): number {
  for (let at = begin + 1; at < pattern.length; at += 1) {
    if (pattern[at] === '\\') at += 1;
    else if (pattern[at] === ']') return at;
  }
  return -1;
}

function parseClass(text: string): ((character: string) => boolean) | null {
  const negated = text.startsWith('^');
  const ranges: (readonly [string, string])[] = [];
  const characters = [...(negated ? text.slice(1) : text).matchAll(/\\?(.)/gsu)].map(
    ([, literal = '']) => literal,
  );
  for (let at = 0; at < characters.length; at += 1) {
    const from = characters[at] ?? '';
    const isRange = characters[at + 1] === '-';
    const to = isRange ? characters[at + 2] : from;
    if (to === undefined || to < from) return null;
    ranges.push([from, to]);
    if (isRange) at += 2;
  }
  if (ranges.length === 0) return null;
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== negated;
}

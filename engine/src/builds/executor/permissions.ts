import { EngineError } from '../../errors/index.ts';
import { isDirectory } from '../context/file-tree.ts';

/** What of a mode is changed, with the file's own as it was before any change. */
type Change = (permissions: number, mode: number) => number;

const BITS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };
const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
/** Where the permissions of a class are, which another may be given. */
const SHIFT: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

const CLAUSE = /^(?<who>[ugoa]*)(?<actions>(?:[-+=](?:[ugo]|[rwxXst]*))+)$/;
const ACTION = /(?<operator>[-+=])(?<letters>[ugo]|[rwxXst]*)/g;

/** `--chmod`: octal, or as chmod(1) takes it (`u=rwX,go=rX`, `u+r-w`, `g=u`). Answers what a file of `mode` gets. */
export function parsePermissions(text: string): (mode: number) => number {
  if (/^[0-7]{1,5}$/.test(text)) {
    const fixed = Number.parseInt(text, 8) & 0o7777;
    return () => fixed;
  }
  const changes = text.split(',').flatMap((clause) => parseClause(clause, text));
  return (mode) => changes.reduce((permissions, change) => change(permissions, mode), mode & 0o7777);
}

function parseClause(clause: string, whole: string): readonly Change[] {
  const { who = '', actions } = CLAUSE.exec(clause)?.groups ?? {};
  if (actions === undefined) {
    throw new EngineError('invalid-argument', `"${whole.slice(0, 100)}" says no permissions.`, {
      detail: { step: 'chmod', path: whole.slice(0, 100) },
      hint: 'They are octal, as 0644, or as chmod(1) takes them: u=rwX,go=rX.',
    });
  }
  const mask = Array.from(who === '' ? 'a' : who).reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
  return [...actions.matchAll(ACTION)].map(({ groups: { operator = '', letters = '' } = {} }) =>
    changeOf(operator, letters, mask),
  );
}

function changeOf(operator: string, letters: string, mask: number): Change {
  return (permissions, mode) => {
    const given =
      Array.from(letters).reduce((bits, letter) => bits | bitsOf(letter, permissions, mode), 0) & mask;
    if (operator === '+') return permissions | given;
    if (operator === '-') return permissions & ~given;
    return (permissions & ~mask) | given;
  };
}

function bitsOf(letter: string, permissions: number, mode: number): number {
  const shift = SHIFT[letter];
  if (shift !== undefined) return ((permissions >> shift) & 0o7) * 0o111;
  if (letter !== 'X') return BITS[letter] ?? 0;
  return isDirectory({ mode }) || (permissions & 0o111) !== 0 ? 0o111 : 0;
}

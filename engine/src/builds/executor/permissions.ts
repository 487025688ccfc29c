import { EngineError } from '../../errors/index.ts';
import { isDirectory } from '../context/file-tree.ts';

const BITS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };
const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };

/** `--chmod`: octal, or as chmod(1) takes it (`u=rwX,go=rX`). Answers what a file of `mode` gets. */
export function parsePermissions(text: string): (mode: number) => number {
  if (/^[0-7]{1,5}$/.test(text)) {
    const fixed = Number.parseInt(text, 8) & 0o7777;
    return () => fixed;
  }
  const clauses = text.split(',').map((clause) => parseClause(clause, text));
  return (mode) => clauses.reduce((permissions, apply) => apply(permissions, mode), mode & 0o7777);
}

function parseClause(clause: string, whole: string): (permissions: number, mode: number) => number {
  const [, who = '', operator = '', letters = ''] = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause) ?? [];
  if (operator === '') {
    throw new EngineError('invalid-argument', `"${whole.slice(0, 100)}" says no permissions.`, {
      detail: { step: 'chmod', path: whole.slice(0, 100) },
      hint: 'They are octal, as 0644, or as chmod(1) takes them: u=rwX,go=rX.',
    });
  }
  const mask = Array.from(who === '' ? 'a' : who).reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
  return (permissions, mode) => {
    const given =
      Array.from(letters).reduce((bits, letter) => bits | bitsOf(letter, permissions, mode), 0) & mask;
    if (operator === '+') return permissions | given;
    if (operator === '-') return permissions & ~given;
    return (permissions & ~mask) | given;
  };
}

function bitsOf(letter: string, permissions: number, mode: number): number {
  if (letter !== 'X') return BITS[letter] ?? 0;
  return isDirectory({ mode }) || (permissions & 0o111) !== 0 ? 0o111 : 0;
}

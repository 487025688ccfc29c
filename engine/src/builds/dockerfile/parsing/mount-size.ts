import { Reason } from '../problems/reason.ts';

const SIZE = /^(\d{1,16}(?:\.\d{1,16})?) ?(?:([kmgtp])(?:i?b)?|b)?$/i;
const POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 };

/** Bytes of `64m`, `1.5GiB`, `4096`; letters are powers of 1024. */
export function parseMountSize(text: string): number {
  const [, count, letter = ''] = SIZE.exec(text) ?? [];
  const bytes = Math.trunc(Number(count) * 1024 ** (POWERS[letter.toLowerCase()] ?? 0));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new Reason(`"${text}" is no size.`, 'A size is written like 64m.');
}

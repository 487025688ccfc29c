import { Reason } from '../problems/reason.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import type { MountField, WrittenMount } from '../syntax/words.ts';
import { expandWord } from '../expansion/expand-word.ts';
import { commaFields } from './comma-fields.ts';
import { readMount } from './read-mount.ts';

/** The fields of `--mount`. What has no variables is checked at once; the rest when they are known. */
export function parseMountFlag(text: string, escape: EscapeCharacter): Omit<WrittenMount, 'range'> {
  const fields = commaFields(text).map(fieldOf);
  const from = fields.findLast(({ key }) => key === 'from')?.value ?? null;
  if (from?.includes('$') === true) {
    throw new Reason(
      'from= takes no variables.',
      'Name the image in a stage of its own: FROM $IMAGE AS source, then from=source.',
    );
  }
  if (!text.includes('$'))
    readMount(fields, (value) => expandWord(value, { escape, lookup: () => undefined }).text);
  return { fields, from: from === '' ? null : from };
}

function fieldOf(field: string): MountField {
  const equals = field.indexOf('=');
  if (equals === -1) return { key: field.toLowerCase(), value: null };
  return { key: field.slice(0, equals).toLowerCase(), value: field.slice(equals + 1) };
}

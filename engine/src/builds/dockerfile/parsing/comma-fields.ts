import { Reason } from '../problems/reason.ts';

/** The fields of one CSV record: `a,"b,c",d`. */
export function commaFields(record: string): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const { field, end } = record[at] === '"' ? quotedField(record, at + 1) : plainField(record, at);
    fields.push(field);
    if (end >= record.length) return fields;
    if (record[end] !== ',') throw new Reason('A quoted field must end at a comma.');
    at = end + 1;
  }
}

function plainField(record: string, from: number): { field: string; end: number } {
  const comma = record.indexOf(',', from);
  const end = comma === -1 ? record.length : comma;
  const field = record.slice(from, end);
  if (field.includes('"')) throw new Reason('A quote stands inside a field.', 'Quote the whole field.');
  return { field, end };
}

function quotedField(record: string, from: number): { field: string; end: number } {
  let field = '';
  for (let at = from; ;) {
    const quote = record.indexOf('"', at);
    if (quote === -1) throw new Reason('A quoted field does not end.', 'A " is missing.');
    field += record.slice(at, quote);
    if (record[quote + 1] !== '"') return { field, end: quote + 1 };
    field += '"';
    at = quote + 2;
  }
}

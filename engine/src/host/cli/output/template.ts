import { EngineError } from '../../../errors/index.ts';
import { formatTable } from './table.ts';

/** What a template can say of an item. */
export interface Column<T> {
  readonly heading: string;
  /** `argument` is the word behind it, as in `.Label "role"`. */
  value(item: T, argument: string): string;
}

export type Columns<T> = Readonly<Record<string, Column<T>>>;

type Piece<T> = string | ((item: T) => string);

interface Template<T> {
  readonly pieces: readonly Piece<T>[];
  readonly headings: string;
}

const TABLE = /^table(\s+|$)/;
const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/gs;
const FIELD = /^\.(\w+)(?:\s+"([^"]*)")?$/;
const CALL = /^(json|upper|lower|len)\s+(\.\w*)$/;

/**
 * The lines that docker's `--format` makes of items: text with `{{.Name}}`, `{{json .}}`, `{{upper .Name}}` and such in it.
 * Behind `table`, tabs part columns, which get headings. Conditions and loops of Go's templates are refused.
 */
export function formatItems<T>(items: readonly T[], format: string, columns: Columns<T>): readonly string[] {
  const isTable = TABLE.test(format);
  const text = format.replace(TABLE, '').replaceAll('\\t', '\t').replaceAll('\\n', '\n');
  const template = parse(text, columns);
  const rows = items.map((item) =>
    template.pieces.map((piece) => (typeof piece === 'string' ? piece : piece(item))).join(''),
  );
  if (!isTable) return rows;
  return formatTable(
    template.headings.split('\t'),
    rows.map((row) => row.split('\t')),
  ).split('\n');
}

function parse<T>(text: string, columns: Columns<T>): Template<T> {
  const pieces: Piece<T>[] = [];
  let headings = '';
  let at = 0;
  for (const match of text.matchAll(ACTION)) {
    const literal = text.slice(at, match.index);
    const action = match[1] ?? '';
    pieces.push(literal, valueOf(action, columns));
    headings += literal + headingOf(action, columns);
    at = match.index + match[0].length;
  }
  pieces.push(text.slice(at));
  return { pieces, headings: headings + text.slice(at) };
}

function valueOf<T>(action: string, columns: Columns<T>): (item: T) => string {
  const [, call, subject = ''] = CALL.exec(action) ?? [];
  if (call === 'json' && subject === '.') return (item) => JSON.stringify(allOf(item, columns));
  const [, name = '', argument = ''] = FIELD.exec(call === undefined ? action : subject) ?? [];
  const column = columnOf(name, action, columns);
  const called = CALLS[call ?? ''] ?? ((value: string) => value);
  return (item) => called(column.value(item, argument));
}

const CALLS: Readonly<Record<string, (value: string) => string>> = {
  json: (value) => JSON.stringify(value),
  upper: (value) => value.toUpperCase(),
  lower: (value) => value.toLowerCase(),
  len: (value) => String(value.length),
};

function headingOf<T>(action: string, columns: Columns<T>): string {
  const name = /\.(\w+)/.exec(action)?.[1];
  return name === undefined ? '' : (columns[name]?.heading ?? '');
}

function allOf<T>(item: T, columns: Columns<T>): Readonly<Record<string, string>> {
  const plain = Object.entries(columns).filter(([name]) => name !== 'Label');
  return Object.fromEntries(plain.map(([name, column]) => [name, column.value(item, '')]));
}

function columnOf<T>(name: string, action: string, columns: Columns<T>): Column<T> {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column !== undefined) return column;
  throw new EngineError('invalid-argument', `The template says {{${action}}}, which is not known here.`, {
    hint: `Known are ${Object.keys(columns)
      .map((known) => `.${known}`)
      .join(', ')}; json, upper, lower and len before them.`,
  });
}

import { EngineError } from '../../../errors/index.ts';

const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/gs;
const PATH = /^(?:(json|upper|lower|len)\s+)?(\.(?:\w+(?:\.\w+)*)?)$/;
const INDEX = /^index\s+(\.\w+(?:\.\w+)*)\s+(?:"([^"]*)"|(\d+))$/;

/**
 * What docker's `inspect --format` makes of a document: text with `{{.Name}}`, `{{.State.Status}}`, `{{json .State}}` or
 * `{{index .Labels "role"}}` in it. The names are the document's, in capitals or not; a value of several parts is printed as
 * JSON. Conditions and loops of Go's templates are refused.
 */
export function formatDocument(document: object, format: string): string {
  if (format === 'json') return JSON.stringify(document);
  const text = format.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
  return text.replaceAll(ACTION, (_, action: string) => evaluate(document, action));
}

function evaluate(document: object, action: string): string {
  const [, path = '', name, position] = INDEX.exec(action) ?? [];
  if (path !== '') return words(memberOf(valueAt(document, path), name ?? position ?? ''));
  const [, call, place = ''] = PATH.exec(action) ?? [];
  if (place === '') {
    throw new EngineError('invalid-argument', `The template says {{${action}}}, which is not known here.`, {
      hint: 'Known are {{.State.Status}} and such, json, upper, lower, len and index before them.',
    });
  }
  const value = valueAt(document, place);
  if (call === 'json') return JSON.stringify(value);
  if (call === 'len') return String(lengthOf(value, action));
  if (call === 'upper') return words(value).toUpperCase();
  return call === 'lower' ? words(value).toLowerCase() : words(value);
}

function valueAt(document: unknown, path: string): unknown {
  const names = path.split('.').filter((name) => name !== '');
  return names.reduce((value, name) => fieldOf(value, name, path), document);
}

function fieldOf(value: unknown, name: string, path: string): unknown {
  const fields = isRecord(value) ? Object.keys(value) : [];
  const field = fields.find((one) => one.toLowerCase() === name.toLowerCase());
  if (field !== undefined && isRecord(value)) return value[field];
  const hint = fields.length === 0 ? 'There is nothing below it.' : `Known are ${fields.join(', ')}.`;
  throw new EngineError('invalid-argument', `The template says ${path}, but there is no "${name}".`, {
    hint,
  });
}

/** Of a map or a list; none is no failure, as Go has it. */
function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)] as unknown;
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function lengthOf(value: unknown, action: string): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (isRecord(value)) return Object.keys(value).length;
  throw new EngineError('invalid-argument', `The template says {{${action}}}, which has no length.`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function words(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

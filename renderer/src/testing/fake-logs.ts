import type { LogBatch, LogRecord } from '@longshore/engine/types';

const encoder = new TextEncoder();
const G = '\u001b[32m';
const Y = '\u001b[33m';
const R = '\u001b[31m';
const B = '\u001b[34m';
const C = '\u001b[36m';
const D = '\u001b[90m';
const X = '\u001b[0m';

const LINES: readonly (readonly ['stdout' | 'stderr', string])[] = [
  ['stdout', `${G}INFO${X}  ${D}http${X}   ${B}GET${X} /api/products?page=3 ${G}200${X} 11 ms`],
  ['stdout', `${G}INFO${X}  ${D}http${X}   ${B}GET${X} /api/categories ${G}200${X} 3 ms`],
  [
    'stdout',
    `${G}INFO${X}  ${D}orders${X} created order ${C}A-20931${X} total=${C}84.50${X} currency=${C}EUR${X}`,
  ],
  [
    'stdout',
    `${Y}WARN${X}  ${D}pool${X}   waiting for a connection: in_use=${C}20${X} max=${C}20${X} queued=${C}7${X}`,
  ],
  [
    'stderr',
    `${R}ERROR${X} ${D}orders${X} query timeout after ${C}5000${X} ms: ${D}SELECT * FROM stock WHERE sku = ANY($1) FOR UPDATE${X}`,
  ],
  ['stderr', `      at Pool.query ${D}(/app/node_modules/pg/lib/pool.js:214:11)${X}`],
  ['stdout', `${G}INFO${X}  ${D}http${X}   ${B}POST${X} /api/orders ${R}503${X} 5012 ms`],
  ['stdout', `${G}INFO${X}  ${D}health${X} see https://status.example.com/shop for the state of the shop`],
];

/** The nth line of a log that never ends. */
export function fakeLogRecord(index: number, at: number): LogRecord {
  const [stream, text] = LINES[index % LINES.length] ?? LINES[0] ?? (['stdout', ''] as const);
  return { at: new Date(at).toISOString(), stream, data: encoder.encode(`${text}\n`) };
}

export function textRecord(text: string, at: number): LogRecord {
  return { at: new Date(at).toISOString(), stream: 'stdout', data: encoder.encode(`${text}\n`) };
}

const LONG = 40_000;
const LONG_BEGAN = Date.parse('2026-01-01T00:00:00Z');

interface Span {
  readonly tail: number | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
}

/** A log of forty thousand numbered lines that has ended; four lines have the same time. */
export function* longLog({ tail, since = '', until = '9999' }: Span): Generator<LogBatch> {
  const all = Array.from({ length: LONG }, (_, index) =>
    textRecord(`line ${index + 1} of ${LONG}`, LONG_BEGAN + Math.floor(index / 4) * 1000),
  );
  const span = all.filter(({ at }) => at >= since && at <= until);
  const records = tail === undefined ? span : span.slice(Math.max(0, span.length - tail));
  for (let at = 0; at < records.length; at += 2000) yield { records: records.slice(at, at + 2000) };
}

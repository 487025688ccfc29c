import type { Timing } from './measure.ts';

/** One thing measured: ours first, then the peers that this machine has. */
export interface Row {
  readonly what: string;
  readonly longshore: Timing;
  readonly peers: Readonly<Record<string, Timing>>;
}

const PEERS = ['runc', 'docker'] as const;

/** A Markdown table of medians, with how many times as long each peer took. */
export function formatReport(rows: readonly Row[]): string {
  const headings = ['median of each, ms', 'Longshore', ...PEERS];
  const lines = rows.map(({ what, longshore, peers }) => [
    what,
    `${milliseconds(longshore.median)} (${milliseconds(longshore.minimum)} to ${milliseconds(longshore.maximum)})`,
    ...PEERS.map((peer) => comparison(longshore, peers[peer])),
  ]);
  const table = [headings, headings.map(() => '---'), ...lines];
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function comparison(ours: Timing, theirs: Timing | undefined): string {
  if (theirs === undefined) return 'not measured';
  return `${milliseconds(theirs.median)} (${(theirs.median / ours.median).toFixed(1)} times)`;
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}

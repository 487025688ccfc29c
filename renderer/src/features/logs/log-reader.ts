import type { EngineClient } from '@longshore/engine/contract';
import { LineAssembler, type LogLine } from './log-lines.ts';
import type { Edge } from './log-window.ts';

export type LogQuery = Parameters<EngineClient['containers']['logs']>[0];

/** Reads a container's log as lines, in the batches in which they come. */
export class LogReader {
  private readonly engine: EngineClient;
  private readonly container: string;

  constructor(engine: EngineClient, container: string) {
    this.engine = engine;
    this.container = container;
  }

  async *read(query: Omit<LogQuery, 'container'>, signal: AbortSignal): AsyncGenerator<readonly LogLine[]> {
    const assembler = new LineAssembler();
    const { logs } = this.engine.containers;
    for await (const { records } of logs({ ...query, container: this.container }, { signal })) {
      yield records.flatMap((record) => assembler.add(record) ?? []);
    }
    yield assembler.rest();
  }

  /** The last `count` lines before the edge; fewer: the log begins there. */
  async older(edge: Edge, count: number, signal: AbortSignal): Promise<readonly LogLine[]> {
    const lines: LogLine[] = [];
    // The end of the span is a part of it, so the lines of the edge come along.
    const query = { until: edge.at, tail: count + edge.count };
    for await (const batch of this.read(query, signal)) lines.push(...batch);
    let known = 0;
    while (known < edge.count && lines.at(-1)?.at === edge.at) {
      lines.pop();
      known += 1;
    }
    return lines;
  }

  /** All lines after the edge, with `follow` also those to come. */
  async *newer(edge: Edge, follow: boolean, signal: AbortSignal): AsyncGenerator<readonly LogLine[]> {
    let known = edge.count;
    for await (const batch of this.read({ since: edge.at, follow }, signal)) {
      const from = Math.min(known, batch.length);
      known -= from;
      yield batch.slice(from);
    }
  }
}

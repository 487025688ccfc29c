import { toDockerError } from '../server/failure.ts';
import type { StreamReply } from '../server/reply.ts';

/** One line of progress as docker's clients print it. */
export interface ProgressLine {
  readonly status?: string;
  readonly id?: string;
  readonly progress?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly stream?: string;
  readonly aux?: unknown;
}

/**
 * Progress as lines of JSON. A failure before the first line is an answer of its own; a later one is the last line, for
 * the status has been told by then.
 */
export function progressReply(lines: AsyncIterable<ProgressLine>): StreamReply {
  return { kind: 'stream', contentType: 'application/json', body: withFailure(lines) };
}

async function* withFailure(lines: AsyncIterable<ProgressLine>): AsyncIterable<string> {
  let isFirst = true;
  try {
    for await (const line of lines) {
      isFirst = false;
      yield jsonLine(line);
    }
  } catch (thrown) {
    if (isFirst) throw thrown;
    const { message, status } = toDockerError(thrown);
    const code = status === 401 ? { code: 401 } : {};
    yield jsonLine({ errorDetail: { ...code, message }, error: message });
  }
}

export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\r\n`;
}

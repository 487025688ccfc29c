import { toDockerError } from '../server/failure.ts';
import type { StreamReply } from '../server/reply.ts';
import { FailedCommand } from '../wire/build-failure.ts';

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
    const { message } = toDockerError(thrown);
    const code = codeOf(thrown);
    yield jsonLine({ errorDetail: { ...(code !== undefined && { code }), message }, error: message });
  }
}

/** What clients end with, or act upon: a command's exit code, a missing sign-in. */
function codeOf(thrown: unknown): number | undefined {
  if (thrown instanceof FailedCommand) return thrown.exitCode;
  return toDockerError(thrown).status === 401 ? 401 : undefined;
}

export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\r\n`;
}

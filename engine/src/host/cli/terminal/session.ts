import type { DuplexCall } from '../../../contract/index.ts';
import type { ProcessInput, ProcessOutput, TerminalSize } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { DetachKeys } from '../../../detach-keys.ts';

export interface SessionOptions {
  readonly tty: boolean;
  readonly stdin: boolean;
  /** Of a session with a tty; left out: docker's. */
  readonly detachKeys?: readonly number[] | undefined;
  /** Called when the streams are joined: nothing that the process writes from now on is lost. */
  readonly onReady?: () => Promise<void>;
}

/** Pieces of stdin; the door's messages stay far below their limit. */
const STDIN_CHUNK = 64 * 1024;

/**
 * Joins this program's standard streams to a process until it exits; resolves with its exit code, or null when the
 * person detached. With a tty the local terminal is raw meanwhile, and its size is followed.
 */
export async function runSession(
  call: DuplexCall<ProcessInput, ProcessOutput>,
  context: CommandContext,
  options: SessionOptions,
): Promise<number | null> {
  using input = new LocalInput(call, context, options);
  for await (const output of call) {
    switch (output.kind) {
      case 'ready':
        input.begin();
        await options.onReady?.();
        break;
      case 'stdout':
        await write(context.stdout, output.data);
        break;
      case 'stderr':
        await write(context.stderr, output.data);
        break;
      case 'exited':
        return output.code;
    }
    if (input.detached) return null;
  }
  return null;
}

export function localTerminalSize(stream: NodeJS.WriteStream): TerminalSize | undefined {
  return stream.isTTY ? { columns: Math.max(1, stream.columns), rows: Math.max(1, stream.rows) } : undefined;
}

/** The local end of stdin and of the terminal's size; disposing gives the terminal back as it was. */
class LocalInput implements Disposable {
  detached = false;
  private readonly call: DuplexCall<ProcessInput, ProcessOutput>;
  private readonly context: CommandContext;
  private readonly options: SessionOptions;
  private readonly keys: DetachKeys;
  private readonly onResize = () => this.sendSize();
  private begun = false;

  constructor(
    call: DuplexCall<ProcessInput, ProcessOutput>,
    context: CommandContext,
    options: SessionOptions,
  ) {
    this.call = call;
    this.context = context;
    this.options = options;
    this.keys = new DetachKeys(options.detachKeys);
  }

  begin(): void {
    this.begun = true;
    const { stdin, stdout } = this.context;
    if (this.options.tty) {
      if (stdin.isTTY && this.options.stdin) stdin.setRawMode(true);
      stdout.on('resize', this.onResize);
      this.sendSize();
    }
    if (this.options.stdin) void this.forward();
  }

  [Symbol.dispose](): void {
    if (!this.begun) return;
    const { stdin, stdout } = this.context;
    stdout.off('resize', this.onResize);
    if (stdin.isTTY && this.options.tty && this.options.stdin) stdin.setRawMode(false);
    // A stdin that is still read keeps the program alive.
    if (this.options.stdin) stdin.destroy();
  }

  private async forward(): Promise<void> {
    try {
      for await (const chunk of this.context.stdin as AsyncIterable<Buffer>) {
        if (!(await this.sendInput(chunk))) return;
      }
      this.call.end();
    } catch {
      // The process has gone, or the terminal has: the output side tells which.
    }
  }

  /** False when the keys to detach were typed. */
  private async sendInput(chunk: Uint8Array): Promise<boolean> {
    const { data, detached } = this.options.tty ? this.keys.filter(chunk) : { data: chunk, detached: false };
    for (let at = 0; at < data.length; at += STDIN_CHUNK) {
      await this.call.send({ kind: 'stdin', data: data.subarray(at, at + STDIN_CHUNK) });
    }
    if (!detached) return true;
    this.detached = true;
    await this.call[Symbol.asyncIterator]().return?.();
    return false;
  }

  private sendSize(): void {
    const size = localTerminalSize(this.context.stdout);
    // A size that comes too late, when the process has ended, is of no use to anybody.
    if (size !== undefined) this.call.send({ kind: 'resize', size }).catch(() => {});
  }
}

/** Writes all of it before the next is asked for, so that a slow reader slows the process, not our memory. */
function write(stream: NodeJS.WriteStream, data: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => {
      // The reader of a pipe has left: `longshore logs x | head`.
      if (error !== null && error !== undefined) reject(error);
      else resolve();
    });
  });
}

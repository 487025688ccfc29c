import type { DuplexCall } from '../../contract/index.ts';
import { DEFAULT_DETACH_KEYS, DetachKeys, parseDetachKeys } from '../../detach-keys.ts';
import { isEngineError, toEngineError } from '../../errors/index.ts';
import type { ProcessInput, ProcessOutput } from '../../types/index.ts';
import { DockerError } from '../server/failure.ts';
import type { HijackedStream } from '../server/hijacked-stream.ts';
import { frame } from './frames.ts';

export type ProcessCall = DuplexCall<ProcessInput, ProcessOutput>;

export interface SessionOptions {
  /** One stream without frames; and the detach keys have their meaning. */
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly detachKeys: readonly number[];
  /** The process's input ends with the client's, or with the client. */
  readonly endsStdin: boolean;
  /** What was written before, in frames already. */
  readonly before?: AsyncIterable<Uint8Array>;
  /** The process is yet to start: that it did not, is told to who asked for the start. */
  readonly beforeStart?: boolean;
  readonly onExit?: (code: number) => void;
}

/** A process's streams, joined: nothing that it writes from now on is lost. */
export class Session {
  readonly call: ProcessCall;
  private readonly outputs: AsyncIterator<ProcessOutput>;
  private hasBegun = false;

  private constructor(call: ProcessCall, outputs: AsyncIterator<ProcessOutput>) {
    this.call = call;
    this.outputs = outputs;
  }

  /** Resolves once the streams are joined, with the process's id where it is known. */
  static async open(call: ProcessCall): Promise<{ readonly session: Session; readonly pid: number | null }> {
    const outputs = call[Symbol.asyncIterator]();
    const first = await outputs.next();
    const pid = first.done !== true && first.value.kind === 'ready' ? first.value.pid : null;
    return { session: new Session(call, outputs), pid };
  }

  /** To the end of the process, the detach keys, or the client's leaving. */
  async converse(stream: HijackedStream, options: SessionOptions): Promise<void> {
    const detached = options.stdin ? this.feed(stream, options) : new Promise<never>(() => undefined);
    const ended = this.tell(stream, options);
    try {
      await Promise.race([ended, detached]);
    } catch (thrown) {
      // How a process ended, or why it never began, is told elsewhere; that nobody can say, only here.
      if (!isEngineError(thrown)) throw thrown;
      const neverBegan = options.beforeStart === true && !this.hasBegun;
      if (thrown.code === 'unavailable' && !neverBegan) await stream.write(problem(thrown, options.tty));
    } finally {
      ended.catch(() => undefined);
      await this.leave();
    }
  }

  /** The process runs on. */
  async leave(): Promise<void> {
    await this.outputs.return?.();
  }

  /** Resolves with the detach keys; never, when the input ends. */
  private async feed(stream: HijackedStream, { tty, detachKeys, endsStdin }: SessionOptions): Promise<void> {
    const keys = new DetachKeys(tty ? detachKeys : []);
    try {
      for await (const piece of stream.input()) {
        const { data, detached } = keys.filter(piece);
        if (data.length > 0) await this.call.send({ kind: 'stdin', data });
        if (detached) return;
      }
      if (endsStdin) this.call.end();
    } catch {
      // The process no longer takes any input; its output is what ends the session.
    }
    return new Promise<never>(() => undefined);
  }

  private async tell(stream: HijackedStream, options: SessionOptions): Promise<void> {
    if (options.before !== undefined) {
      for await (const piece of options.before) await stream.write(piece);
    }
    for (;;) {
      const next = await this.outputs.next();
      if (next.done === true) return;
      const output = next.value;
      this.hasBegun = true;
      if (output.kind === 'exited') options.onExit?.(output.code);
      if (output.kind !== 'stdout' && output.kind !== 'stderr') continue;
      await stream.write(options.tty ? output.data : frame(output.kind, output.data));
    }
  }
}

/** As `ctrl-p,ctrl-q`; left out: these. */
export function detachKeysOf(text: string | undefined): readonly number[] {
  if (text === undefined) return DEFAULT_DETACH_KEYS;
  try {
    return parseDetachKeys(text);
  } catch (thrown) {
    throw new DockerError(400, `Invalid detach keys (${text.slice(0, 100)}) provided`, { cause: thrown });
  }
}

function problem(thrown: unknown, tty: boolean): Uint8Array {
  const text = Buffer.from(`${toEngineError(thrown).message}\n`);
  return tty ? text : frame('stderr', text);
}

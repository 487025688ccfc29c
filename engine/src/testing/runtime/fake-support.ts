import { EngineError, toEngineError } from '../../errors/index.ts';
import { signalName } from '../../runtime/index.ts';
import type { ProcessInput } from '../../types/index.ts';
import type { FakeProcess, ProcessEnd } from './fake-process.ts';

/** Input into a process, to its end. */
export async function feed(
  input: AsyncIterable<ProcessInput>,
  process: Pick<FakeProcess, 'write' | 'resize'>,
  onEnd: () => void,
): Promise<void> {
  for await (const value of input) {
    if (value.kind === 'stdin') process.write(value.data);
    else process.resize(value.size);
  }
  onEnd();
}

/** As a call over a wire: abandoned when the signal fires, whatever the other side is doing. */
export function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(toEngineError(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

export function nameOf(end: ProcessEnd): string | null {
  return end.signal === 0 ? null : signalName(end.signal);
}

export function unavailable(): EngineError {
  return new EngineError('unavailable', 'The agent does not run.');
}

export function cancelled(): EngineError {
  return new EngineError('cancelled', 'The operation was cancelled.');
}

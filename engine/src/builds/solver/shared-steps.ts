import { SharedWork } from '../../images/index.ts';
import type { BuiltLayer } from '../graph/vertex.ts';
import type { StepContext, StepsUnderWay } from './solver.ts';

interface Log {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

/** Identical steps of builds that are under way at once are done once; each hears of the output from then on. */
export function sharedSteps(): StepsUnderWay {
  const work = new SharedWork<Log, BuiltLayer>();
  return (key: string, run: (context: StepContext) => Promise<BuiltLayer>, { signal, log }: StepContext) =>
    work.join(
      key,
      (shared) => run({ signal: shared.signal, log: (stream, data) => shared.report({ stream, data }) }),
      { signal, onProgress: ({ stream, data }) => log(stream, data) },
    );
}

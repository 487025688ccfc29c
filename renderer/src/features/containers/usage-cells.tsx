import type { ContainerSummary } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Sparkline } from '../../ui/chart/sparkline.tsx';
import { Meter } from '../../ui/meter.tsx';
import { LONGEST_GAP_MS, type Sample } from '../stats/sample.ts';
import { useSamples } from '../stats/use-samples.ts';
import { hasProcesses } from './container-state.ts';

interface CellProps {
  readonly container: ContainerSummary;
}

/** Live for as long as the row is on the screen. */
function useUsage({ id, state }: ContainerSummary): readonly Sample[] {
  return useSamples(hasProcesses(state) ? id : undefined);
}

const SPARK_MS = 60_000;
/** A twentieth of a processor: what is below looks flat. */
const LEAST_TOP = 0.05;

export function CpuCell({ container }: CellProps) {
  const format = useFormat();
  const samples = useUsage(container);
  const cpu = samples.at(-1)?.cpu;
  if (!hasProcesses(container.state)) return <span className="text-3">–</span>;
  return (
    <span className="usage-cpu">
      <Sparkline
        points={samples.map((sample) => ({ at: sample.at, value: sample.cpu }))}
        spanMs={SPARK_MS}
        longestGapMs={LONGEST_GAP_MS}
        leastTop={LEAST_TOP}
      />
      <span className="usage-figure">{cpu === null || cpu === undefined ? '–' : format.load(cpu)}</span>
    </span>
  );
}

const NEARLY_FULL = 0.8;

export function MemoryCell({ container }: CellProps) {
  const t = useText();
  const format = useFormat();
  const sample = useUsage(container).at(-1);
  if (sample === undefined || !hasProcesses(container.state)) return <span className="text-3">–</span>;
  const { memoryBytes, memoryLimitBytes } = sample;
  const fraction = memoryBytes / memoryLimitBytes;
  return (
    <span className="usage-memory" title={t('usage.memory', { bytes: format.exactBytes(memoryBytes) })}>
      <span className="usage-bytes text-small">
        <span>{format.memory(memoryBytes)}</span>
        <span className="text-3">{format.memory(memoryLimitBytes)}</span>
      </span>
      <Meter
        size="tiny"
        fraction={fraction}
        tone={fraction >= NEARLY_FULL ? 'warn' : 'meter'}
        label={t('column.memory')}
      />
    </span>
  );
}

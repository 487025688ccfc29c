import { useState } from 'react';
import type { ContainerDetails } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { type ChartPoint, readableTop } from '../../ui/chart/chart-lines.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { hasProcesses } from '../containers/container-state.ts';
import { ChartCard } from './chart-card.tsx';
import { type Counter, ratesOf, type Sample } from './sample.ts';
import { useSamples } from './use-samples.ts';
import './stats.css';

interface StatsTabProps {
  readonly container: ContainerDetails;
}

/** What the container uses, measured once a second for as long as this is on the screen. */
export default function StatsTab({ container }: StatsTabProps) {
  const t = useText();
  const live = hasProcesses(container.state);
  const samples = useSamples(live ? container.id : undefined);
  if (!live) return <EmptyState title={t('stats.notRunning')} text={t('stats.notRunningText')} />;
  if (samples.length === 0) return <SkeletonRows label={t('stats.waiting')} />;
  return <Charts container={container} samples={samples} />;
}

const MINUTE = 60_000;
const SPANS = ['1', '5'] as const;
type Span = (typeof SPANS)[number];

interface ChartsProps extends StatsTabProps {
  readonly samples: readonly Sample[];
}

function Charts({ container, samples }: ChartsProps) {
  const t = useText();
  const format = useFormat();
  const [pointed, setPointed] = useState<number | undefined>();
  const [span, setSpan] = useState<Span>('1');
  const now = samples.at(-1)?.at ?? 0;
  const spanMs = Number(span) * MINUTE;
  const shown = samples.filter(({ at }) => at >= now - spanMs);
  const shared = { samples: shown, now, spanMs, pointed, onPoint: setPointed };
  return (
    <>
      <div className="toolbar">
        <Segmented
          label={t('stats.span')}
          value={span}
          onChange={setSpan}
          options={SPANS.map((value) => ({ value, label: t('stats.minutes', { minutes: Number(value) }) }))}
        />
        <span className="text-3 text-small">
          {pointed === undefined ? t('stats.live') : t('stats.at', { time: format.timeOfDay(pointed) })}
        </span>
      </div>
      <div className="details-scroll stats" tabIndex={0} role="region" aria-label={t('tab.stats')}>
        <CpuChart container={container} {...shared} />
        <MemoryChart container={container} {...shared} />
        <RateChart
          title={t('stats.network')}
          counters={['receivedBytes', 'sentBytes']}
          labels={[t('stats.received'), t('stats.sent')]}
          {...shared}
        />
        <RateChart
          title={t('stats.disk')}
          counters={['readBytes', 'writtenBytes']}
          labels={[t('stats.read'), t('stats.written')]}
          {...shared}
        />
        <PidsChart {...shared} />
      </div>
    </>
  );
}

interface Shared {
  readonly samples: readonly Sample[];
  readonly now: number;
  readonly spanMs: number;
  readonly pointed: number | undefined;
  readonly onPoint: (at: number | undefined) => void;
}

const LEAST_CPU_TOP = 0.1;

function CpuChart({ container, samples, ...shared }: Shared & StatsTabProps) {
  const t = useText();
  const format = useFormat();
  const points = samples.map(({ at, cpu }) => ({ at, value: cpu }));
  const limit = container.spec.resources.cpus ?? undefined;
  const top = Math.max(LEAST_CPU_TOP, readableTop(largest(points)));
  return (
    <ChartCard
      title={t('stats.cpu')}
      series={[{ label: t('stats.cpuUsed'), points }]}
      // Far below its limit the line would be flat: then only the number tells the limit.
      top={limit !== undefined && limit <= top * 2 ? limit : top}
      format={(value) => format.load(value)}
      formatScale={(value) => format.percent(value)}
      limit={limit}
      {...shared}
    />
  );
}

function MemoryChart({ container, samples, ...shared }: Shared & StatsTabProps) {
  const t = useText();
  const format = useFormat();
  const points = samples.map(({ at, memoryBytes }) => ({ at, value: memoryBytes }));
  const limit = container.spec.resources.memoryBytes ?? undefined;
  return (
    <ChartCard
      title={t('stats.memory')}
      series={[{ label: t('stats.memoryUsed'), points }]}
      top={limit ?? readableTop(largest(points), 1024)}
      format={(value) => format.memory(value)}
      limit={limit}
      {...shared}
    />
  );
}

interface RateChartProps extends Shared {
  readonly title: string;
  readonly counters: readonly [Counter, Counter];
  readonly labels: readonly [string, string];
}

const LEAST_RATE_TOP = 1000;

function RateChart({ title, samples, counters, labels, ...shared }: RateChartProps) {
  const t = useText();
  const format = useFormat();
  const series = counters.map((counter, index) => {
    const rates = ratesOf(samples, counter);
    const points = samples.map(({ at }, sample) => ({ at, value: rates[sample] ?? null }));
    return { label: labels[index] ?? '', points };
  });
  return (
    <ChartCard
      title={title}
      series={series}
      top={Math.max(LEAST_RATE_TOP, readableTop(Math.max(...series.map(({ points }) => largest(points)))))}
      format={(value) => t('stats.perSecond', { amount: format.bytes(Math.round(value)) })}
      {...shared}
    />
  );
}

const LEAST_PIDS_TOP = 4;

function PidsChart({ samples, ...shared }: Shared) {
  const t = useText();
  const format = useFormat();
  const points = samples.map(({ at, pids }) => ({ at, value: pids }));
  const limit = samples.at(-1)?.pidsLimit ?? undefined;
  const top = Math.max(LEAST_PIDS_TOP, readableTop(largest(points)));
  return (
    <ChartCard
      title={t('stats.pids')}
      series={[{ label: t('stats.pidsNow'), points }]}
      top={limit !== undefined && limit <= top * 2 ? limit : top}
      format={(value) => format.number(Math.round(value))}
      limit={limit}
      {...shared}
    />
  );
}

function largest(points: readonly ChartPoint[]): number {
  return points.reduce((most, { value }) => Math.max(most, value ?? 0), 0);
}

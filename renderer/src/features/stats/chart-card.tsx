import { useText } from '../../messages/use-text.ts';
import { Card } from '../../ui/card.tsx';
import type { ChartPoint } from '../../ui/chart/chart-lines.ts';
import { LineChart } from '../../ui/chart/line-chart.tsx';
import { LONGEST_GAP_MS } from './sample.ts';

export interface ChartCardSeries {
  readonly label: string;
  readonly points: readonly ChartPoint[];
}

interface ChartCardProps {
  readonly title: string;
  readonly series: readonly ChartCardSeries[];
  /** The moment of the newest sample. */
  readonly now: number;
  readonly spanMs: number;
  readonly top: number;
  readonly format: (value: number) => string;
  /** Of the numbers at the lines, which are round. */
  readonly formatScale?: (value: number) => string;
  readonly limit?: number | undefined;
  readonly pointed: number | undefined;
  readonly onPoint: (at: number | undefined) => void;
}

/** One measure over the last minutes, with its value now, or at the moment that is pointed at. */
export function ChartCard(props: ChartCardProps) {
  const { title, series, now, spanMs, format, formatScale = format, limit, pointed, onPoint, top } = props;
  const t = useText();
  const values = series.map((each) => {
    const value = valueAt(each.points, pointed);
    return { label: each.label, text: value === null ? '–' : format(value) };
  });
  const limitLabel = limit === undefined ? undefined : t('stats.limit', { limit: formatScale(limit) });
  return (
    <Card title={title} end={<span className="text-3 text-small">{limitLabel ?? ''}</span>}>
      <div className="chart-figures">
        {values.map(({ label, text }, index) => (
          <span key={label} className="chart-figure">
            {series.length > 1 && <SeriesKey index={index} />}
            <span className="chart-value">{text}</span>
            <span className="text-3">{label}</span>
          </span>
        ))}
      </div>
      <LineChart
        label={t('stats.chart', {
          title,
          minutes: spanMs / 60_000,
          values: values.map(({ label, text }) => t('stats.value', { value: text, label })).join(', '),
        })}
        series={series}
        from={now - spanMs}
        to={now}
        top={top}
        longestGapMs={LONGEST_GAP_MS}
        format={formatScale}
        limit={limit}
        fromLabel={t('stats.from', { minutes: spanMs / 60_000 })}
        toLabel={t('stats.to')}
        onPoint={onPoint}
      />
    </Card>
  );
}

/** How the line of this number looks. */
function SeriesKey({ index }: { readonly index: number }) {
  return (
    <svg className={`chart-key chart-series-${index}`} viewBox="0 0 14 8" aria-hidden="true">
      <path className="chart-line" d="M0 4H14" />
    </svg>
  );
}

/** Of the newest sample, or of the one nearest to a moment. */
function valueAt(points: readonly ChartPoint[], at: number | undefined): number | null {
  if (at === undefined) return points.at(-1)?.value ?? null;
  let nearest: ChartPoint | undefined;
  for (const point of points) {
    if (nearest === undefined || Math.abs(point.at - at) < Math.abs(nearest.at - at)) nearest = point;
  }
  return nearest !== undefined && Math.abs(nearest.at - at) <= LONGEST_GAP_MS ? nearest.value : null;
}

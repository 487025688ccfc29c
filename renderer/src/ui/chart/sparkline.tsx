import { type ChartPoint, chartPaths } from './chart-lines.ts';
import './chart.css';

interface SparklineProps {
  readonly points: readonly ChartPoint[];
  readonly spanMs: number;
  readonly longestGapMs: number;
  /** The least that the upper edge stands for, so that an idle thing looks idle. */
  readonly leastTop: number;
}

const WIDTH = 60;
const HEIGHT = 20;

/** The shape of the last minute beside a number that says the same exactly. */
export function Sparkline({ points, spanMs, longestGapMs, leastTop }: SparklineProps) {
  const to = points.at(-1)?.at ?? 0;
  const from = to - spanMs;
  const shown = points.filter(({ at }) => at >= from);
  const top = Math.max(leastTop, ...shown.map(({ value }) => (value ?? 0) * 1.25));
  const frame = { from, to, top, width: WIDTH, height: HEIGHT - 1, longestGapMs };
  const { line, area } = chartPaths(shown, frame);
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path className="chart-area" d={area} />
      <path className="chart-line" d={line} />
    </svg>
  );
}

import { type PointerEvent, useState } from 'react';
import { type ChartPoint, chartPaths } from './chart-lines.ts';
import './chart.css';

export interface ChartSeries {
  readonly label: string;
  readonly points: readonly ChartPoint[];
}

interface LineChartProps {
  /** Said for who cannot see the lines: what they are of, and where they stand. */
  readonly label: string;
  /** One or two; the second one is drawn dashed as well as in another colour. */
  readonly series: readonly ChartSeries[];
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly longestGapMs: number;
  readonly format: (value: number) => string;
  readonly limit?: number | undefined;
  readonly fromLabel: string;
  readonly toLabel: string;
  /** The moment that is pointed at; undefined when none is. */
  readonly onPoint: (at: number | undefined) => void;
}

const WIDTH = 600;
const HEIGHT = 100;

/** Lines over time. Drawn to a grid of its own and stretched; only the strokes and the words keep their size. */
export function LineChart(props: LineChartProps) {
  const { label, series, from, to, top, longestGapMs, format, limit, fromLabel, toLabel, onPoint } = props;
  const [pointed, setPointed] = useState<number | undefined>();
  const frame = { from, to, top, width: WIDTH, height: HEIGHT, longestGapMs };
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const fraction = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    setPointed(fraction * WIDTH);
    onPoint(from + fraction * (to - from));
  };
  const leave = () => {
    setPointed(undefined);
    onPoint(undefined);
  };
  const limitY = limit === undefined || limit > top ? undefined : HEIGHT - (limit / top) * HEIGHT;
  return (
    <div className="chart">
      <div className="chart-scale text-3" aria-hidden="true">
        <span>{format(top)}</span>
        <span>{format(top / 2)}</span>
        <span>{format(0)}</span>
      </div>
      <svg
        className="chart-plot"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        onPointerMove={point}
        onPointerLeave={leave}
      >
        <path className="chart-grid-line" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
        {series.map((each, index) => {
          const { line, area } = chartPaths(each.points, frame);
          return (
            <g key={each.label} className={`chart-series-${index}`}>
              {index === 0 && <path className="chart-area" d={area} />}
              <path className="chart-line" d={line} />
            </g>
          );
        })}
        {limitY !== undefined && <path className="chart-limit" d={`M0 ${limitY}H${WIDTH}`} />}
        {pointed !== undefined && <path className="chart-pointed" d={`M${pointed} 0V${HEIGHT}`} />}
      </svg>
      <div className="chart-times text-3" aria-hidden="true">
        <span>{fromLabel}</span>
        <span>{toLabel}</span>
      </div>
    </div>
  );
}

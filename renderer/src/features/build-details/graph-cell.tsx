import type { BuildStepProgress } from '@longshore/engine/types';
import type { GraphLine, GraphRow } from './step-graph.ts';

const LANE = 14;
const LEFT = 8;
/** As high as a row of the table with its border: the lines meet those of the rows beside. */
const HEIGHT = 37;
const MIDDLE = HEIGHT / 2;
/** More lanes than fit are drawn over each other at the edge. */
const MOST_LANES = 10;

const x = (lane: number) => LEFT + Math.min(lane, MOST_LANES - 1) * LANE;

/** The row's part of the graph. The words beside it say the same. */
export function GraphCell({
  row,
  lanes,
  state,
}: {
  row: GraphRow;
  lanes: number;
  state: BuildStepProgress['state'];
}) {
  const width = x(lanes - 1) + LEFT;
  return (
    <svg
      className="step-graph"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-hidden="true"
    >
      {row.lines.map((line) => (
        <path
          key={`${line.kind} ${line.lane}`}
          className={line.done ? 'step-line' : 'step-line step-line-ahead'}
          d={pathOf(line, row.lane)}
        />
      ))}
      <Node lane={row.lane} state={state} />
    </svg>
  );
}

function pathOf({ kind, lane }: GraphLine, node: number): string {
  switch (kind) {
    case 'through':
      return `M${x(lane)} 0V${HEIGHT}`;
    case 'to-node':
      return `M${x(lane)} 0V${MIDDLE}`;
    case 'from-node':
      return `M${x(lane)} ${MIDDLE}V${HEIGHT}`;
    case 'joins':
      return `M${x(lane)} 0Q${x(lane)} ${MIDDLE} ${x(node)} ${MIDDLE}`;
  }
}

/** A square was cached, a dot ran, an arc runs, a ring waits, a triangle failed. */
function Node({ lane, state }: { readonly lane: number; readonly state: BuildStepProgress['state'] }) {
  const center = x(lane);
  switch (state) {
    case 'cached':
      return (
        <rect className="step-node tone-idle" x={center - 4} y={MIDDLE - 4} width="8" height="8" rx="1" />
      );
    case 'done':
      return <circle className="step-node tone-ok" cx={center} cy={MIDDLE} r="4.5" />;
    case 'running':
      return <circle className="step-ring step-ring-running tone-info" cx={center} cy={MIDDLE} r="4.5" />;
    case 'waiting':
      return <circle className="step-ring tone-idle" cx={center} cy={MIDDLE} r="4" />;
    case 'failed':
      return (
        <path
          className="step-node tone-bad"
          d={`M${center} ${MIDDLE - 5.5} ${center + 5.5} ${MIDDLE + 4.5}H${center - 5.5}z`}
        />
      );
    case 'cancelled':
      return <rect className="step-ring tone-idle" x={center - 4} y={MIDDLE - 4} width="8" height="8" />;
  }
}

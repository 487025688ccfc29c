import type { BuildStepProgress } from '@longshore/engine/types';
import { isOver } from './build-view.ts';

/** A line in one row of the graph, from the row's top to its bottom or to its node. */
export interface GraphLine {
  readonly kind: 'through' | 'to-node' | 'from-node' | 'joins';
  readonly lane: number;
  /** Drawn whole; else the way is still to go. */
  readonly done: boolean;
}

export interface GraphRow {
  readonly lane: number;
  readonly lines: readonly GraphLine[];
}

export interface StepGraph {
  readonly lanes: number;
  readonly rows: readonly GraphRow[];
}

/** Stages as lanes, in the order in which they begin; the steps are in order, each below those that it needs. */
export function graphOf(steps: readonly BuildStepProgress[]): StepGraph {
  const stages = [...new Set(steps.map(({ stage }) => stage))];
  const rowOf = new Map(steps.map(({ index }, row) => [index, row]));
  const laneOf = (row: number) => stages.indexOf(steps[row]?.stage ?? '');
  const rows = steps.map((_, row) => ({ lane: laneOf(row), lines: [] as GraphLine[] }));
  const add = (row: number, line: GraphLine) => {
    const lines = rows[row]?.lines ?? [];
    const same = lines.findIndex(({ kind, lane }) => kind === line.kind && lane === line.lane);
    if (same < 0) lines.push(line);
    else if (line.done) lines[same] = line;
  };
  steps.forEach((step, below) => {
    for (const input of step.inputs) {
      const above = rowOf.get(input);
      if (above === undefined || above >= below) continue;
      const lane = laneOf(above);
      const done = step.state === 'running' || isOver(step);
      add(above, { kind: 'from-node', lane, done });
      for (let row = above + 1; row < below; row += 1) add(row, { kind: 'through', lane, done });
      add(below, { kind: lane === laneOf(below) ? 'to-node' : 'joins', lane, done });
    }
  });
  return { lanes: stages.length, rows };
}

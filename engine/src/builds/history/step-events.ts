import type { Clock } from '../../clock.ts';
import { isEngineError, toWire } from '../../errors/index.ts';
import type { BuildEvent } from '../../types/index.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { SolveListener } from '../solver/solver.ts';

/** Says of steps what their events say. */
export class StepEvents implements SolveListener {
  private readonly emit: (event: BuildEvent) => void;
  private readonly numbers: ReadonlyMap<Vertex, number>;
  private readonly clock: Clock;
  private readonly begun = new Map<Vertex, number>();

  constructor(emit: (event: BuildEvent) => void, numbers: ReadonlyMap<Vertex, number>, clock: Clock) {
    this.emit = emit;
    this.numbers = numbers;
    this.clock = clock;
  }

  started: SolveListener['started'] = (vertex, miss) => {
    const at = this.clock.now();
    this.begun.set(vertex, at.getTime());
    this.emit({ type: 'step-started', step: this.numberOf(vertex), at: at.toISOString(), miss });
  };

  log: SolveListener['log'] = (vertex, stream, data) => {
    this.emit({ type: 'step-log', step: this.numberOf(vertex), stream, data });
  };

  ended: SolveListener['ended'] = (vertex, state, sizeBytes) => this.end(vertex, state, sizeBytes, null);

  failed: SolveListener['failed'] = (vertex, thrown) => {
    const state = isEngineError(thrown, 'cancelled') ? 'cancelled' : 'failed';
    this.end(vertex, state, null, thrown);
  };

  private end(
    vertex: Vertex,
    state: 'done' | 'cached' | 'failed' | 'cancelled',
    sizeBytes: number | null,
    thrown: unknown,
  ): void {
    const begun = this.begun.get(vertex);
    const durationMs = begun === undefined ? 0 : this.clock.now().getTime() - begun;
    const error = thrown === null ? null : toWire(thrown);
    this.emit({ type: 'step-ended', step: this.numberOf(vertex), state, durationMs, sizeBytes, error });
  }

  private numberOf(vertex: Vertex): number {
    return this.numbers.get(vertex) ?? 0;
  }
}

import type { Directives } from '../source/directives.ts';
import type { Range } from '../source/position.ts';
import type { ArgInstruction, FromInstruction, StageInstruction } from './instruction.ts';

/** A Dockerfile as it was written: nothing is expanded, no name is resolved. */
export interface Dockerfile {
  readonly directives: Directives;
  /** ARG before the first FROM: for FROM lines, and for stages that declare them again. */
  readonly globalArgs: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
  /** Blank lines inside continued instructions. */
  readonly emptyContinuations: readonly Range[];
}

export interface Stage {
  /** From 0; COPY --from may use it as a name. */
  readonly index: number;
  /** In lower case. */
  readonly name: string | null;
  readonly from: FromInstruction;
  readonly instructions: readonly StageInstruction[];
}

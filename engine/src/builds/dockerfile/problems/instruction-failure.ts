import type { Range } from '../source/position.ts';
import { withoutEnding } from '../source/source-text.ts';
import type { Instruction } from '../syntax/instruction.ts';
import { DockerfileError } from './dockerfile-error.ts';
import { Reason } from './reason.ts';

/** A DockerfileError that points at a part of an instruction. */
export function failureAt(
  range: Range,
  instruction: Pick<Instruction, 'range' | 'sourceLines'>,
  message: string,
  expected?: string,
): DockerfileError {
  const index = range.start.line - instruction.range.start.line;
  const sourceLine = withoutEnding(instruction.sourceLines[index] ?? '');
  return new DockerfileError([{ range, message, sourceLine, ...(expected !== undefined && { expected }) }]);
}

/** Runs `read`, and gives the Reason that it fails with its place. */
export function placedIn<T>(
  range: Range,
  instruction: Pick<Instruction, 'range' | 'sourceLines'>,
  read: () => T,
): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Reason)) throw error;
    throw failureAt(range, instruction, error.message, error.expected);
  }
}

import { DockerfileError } from '../problems/dockerfile-error.ts';
import { ProblemError } from '../problems/problem.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import { LineReader } from '../source/line-reader.ts';
import { splitLines } from '../source/source-text.ts';
import type { Instruction, TriggerInstruction } from '../syntax/instruction.ts';
import { InstructionReader } from './instruction-reader.ts';

/**
 * Reads instructions that are no Dockerfile: an image's ONBUILD triggers, the changes of a commit. Fails with a
 * DockerfileError whose lines are the text's own.
 */
export function parseInstructions(text: string, escape: EscapeCharacter = '\\'): readonly Instruction[] {
  try {
    const reader = new InstructionReader(new LineReader(splitLines(text), escape, 0), escape);
    const instructions: Instruction[] = [];
    for (let next = reader.next(); next !== null; next = reader.next()) instructions.push(next);
    return instructions;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new DockerfileError([error.problem]);
  }
}

/** A trigger that a base image's config keeps. */
export function parseTrigger(expression: string): TriggerInstruction {
  const [instruction, ...others] = parseInstructions(expression);
  const start = { line: 1, column: 1 };
  const sourceLine = expression.split('\n', 1)[0] ?? '';
  const place = { range: { start, end: start }, sourceLine };
  if (instruction === undefined || others.length > 0) {
    throw new DockerfileError([{ ...place, message: 'A trigger of ONBUILD is exactly one instruction.' }]);
  }
  if (instruction.kind === 'onbuild' || instruction.kind === 'from' || instruction.kind === 'maintainer') {
    const message = `${instruction.keyword.text.toUpperCase()} cannot be a trigger of ONBUILD.`;
    throw new DockerfileError([{ ...place, range: instruction.keyword.range, message }]);
  }
  return instruction;
}

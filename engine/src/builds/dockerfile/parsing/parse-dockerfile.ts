import { LIMITS } from '../limits.ts';
import { DockerfileError } from '../problems/dockerfile-error.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import { type Directives, readDirectives } from '../source/directives.ts';
import { LineReader } from '../source/line-reader.ts';
import type { Range } from '../source/position.ts';
import { splitLines } from '../source/source-text.ts';
import type { Dockerfile, Stage } from '../syntax/dockerfile.ts';
import type {
  ArgInstruction,
  FromInstruction,
  Instruction,
  StageInstruction,
} from '../syntax/instruction.ts';
import { InstructionReader } from './instruction-reader.ts';

interface OpenStage {
  readonly from: FromInstruction;
  readonly instructions: StageInstruction[];
}

/**
 * Reads a whole Dockerfile. Goes on after an instruction that is wrong, so that the DockerfileError it fails with has
 * all problems, up to a bound.
 */
export function parseDockerfile(source: string): Dockerfile {
  const problems: Problem[] = [];
  const file = collecting(problems, () => read(source, problems));
  const [first, ...others] = problems;
  if (first !== undefined) throw new DockerfileError([first, ...others]);
  if (file === null) throw new Error('a Dockerfile without problems was not read');
  return file;
}

function read(source: string, problems: Problem[]): Dockerfile {
  const lines = splitLines(source);
  const directives = readDirectives(lines);
  const lineReader = new LineReader(lines, directives.escape, directives.sourceLines.length);
  const reader = new InstructionReader(lineReader, directives.escape);
  const assembly = new Assembly();
  let count = 0;
  while (problems.length < LIMITS.problems) {
    const done = collecting(problems, () => {
      const instruction = reader.next();
      if (instruction === null) return true;
      count++;
      assembly.add(instruction);
      return false;
    });
    if (done === true) break;
    if (count > LIMITS.instructions) {
      problems.push(nowhere(`The Dockerfile has more than ${LIMITS.instructions} instructions.`));
      break;
    }
  }
  if (problems.length === 0 && assembly.isEmpty) problems.push(nothingToBuild(assembly));
  return assembly.finish(directives, reader.emptyContinuations);
}

/** Null: a problem was found and noted. */
function collecting<T>(problems: Problem[], action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(error.problem);
    return null;
  }
}

/** Puts instructions where they belong: before the first stage, or into the last one begun. */
class Assembly {
  private readonly globalArgs: ArgInstruction[] = [];
  private readonly stages: OpenStage[] = [];

  get isEmpty(): boolean {
    return this.stages.length === 0;
  }

  get hasArgs(): boolean {
    return this.globalArgs.length > 0;
  }

  add(instruction: Instruction): void {
    const stage = this.stages.at(-1);
    if (instruction.kind === 'from') this.stages.push({ from: instruction, instructions: [] });
    else if (stage !== undefined) stage.instructions.push(instruction);
    else if (instruction.kind === 'arg') this.globalArgs.push(instruction);
    else throw beforeFrom(instruction);
  }

  finish(directives: Directives, emptyContinuations: readonly Range[]): Dockerfile {
    const stages: readonly Stage[] = this.stages.map(({ from, instructions }, index) => ({
      index,
      name: from.name?.text.toLowerCase() ?? null,
      from,
      instructions,
    }));
    return { directives, globalArgs: this.globalArgs, stages, emptyContinuations };
  }
}

function beforeFrom({ keyword, sourceLines }: Instruction): ProblemError {
  return new ProblemError({
    range: keyword.range,
    message: `${keyword.text.toUpperCase()} stands before the first FROM.`,
    expected: 'A Dockerfile begins with FROM; only ARG may stand before it.',
    sourceLine: sourceLines[0]?.trimEnd() ?? '',
  });
}

function nothingToBuild(assembly: Assembly): Problem {
  const problem = nowhere(
    assembly.hasArgs ? 'The Dockerfile has no FROM.' : 'The Dockerfile has no instructions.',
  );
  return { ...problem, expected: 'It begins with FROM and the image to start from, or scratch.' };
}

function nowhere(message: string): Problem {
  const start = { line: 1, column: 1 };
  return { range: { start, end: start }, message, sourceLine: '' };
}

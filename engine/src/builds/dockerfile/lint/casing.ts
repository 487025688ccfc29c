import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { FromInstruction, Instruction } from '../syntax/instruction.ts';
import type { Report } from './report.ts';

/** Upper or lower case: of keywords, of `AS`, of stages' names. */
export function lintCasing(file: Dockerfile, report: Report): void {
  const instructions = file.stages.flatMap((stage): readonly Instruction[] => [
    stage.from,
    ...stage.instructions,
  ]);
  const keywords = instructions.map(({ keyword }) => keyword.text);
  const lower = keywords.filter((word) => word === word.toLowerCase()).length;
  const upper = keywords.filter((word) => word === word.toUpperCase()).length;
  const majority = lower > upper ? 'lowercase' : 'uppercase';
  for (const { keyword, comments } of instructions) {
    const { text, range } = keyword;
    if (text === (lower > upper ? text.toLowerCase() : text.toUpperCase())) continue;
    const message = `Command '${text}' should match the case of the command majority (${majority})`;
    report.add('ConsistentInstructionCasing', range, message, comments);
  }
  for (const { from } of file.stages) lintFrom(from, report);
}

function lintFrom({ keyword, as, name, comments }: FromInstruction, report: Report): void {
  if (as === null || name === null) return;
  if (name.text !== name.text.toLowerCase()) {
    report.add('StageNameCasing', name.range, `Stage name '${name.text}' should be lowercase`, comments);
  }
  const isLower = keyword.text === keyword.text.toLowerCase();
  // A keyword of mixed case has a warning of its own.
  if (!isLower && keyword.text !== keyword.text.toUpperCase()) return;
  if (as.text === (isLower ? as.text.toLowerCase() : as.text.toUpperCase())) return;
  const message = `'${as.text}' and '${keyword.text}' keywords' casing do not match`;
  report.add('FromAsCasing', as.range, message, comments);
}

import type { IgnoreRules } from '../../dockerignore/index.ts';
import type { StageInstruction } from '../syntax/instruction.ts';
import type { Report } from './report.ts';

const URL = /^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/;
const EVERYTHING = ['*', '**', '**/*'];

/** Sources in the build context that .dockerignore leaves out. With `!` in it one cannot tell from the name alone. */
export function lintIgnored(instruction: StageInstruction, ignore: IgnoreRules, report: Report): void {
  if (instruction.kind !== 'add' && (instruction.kind !== 'copy' || instruction.from !== null)) return;
  if (ignore.rules.some(({ negated }) => negated)) return;
  for (const source of instruction.sources) {
    if (source.kind !== 'path' || URL.test(source.path.text)) continue;
    const { text, range } = source.path;
    if (!isIgnored(text, ignore)) continue;
    const verb = instruction.kind === 'add' ? 'Add' : 'Copy';
    const message = `Attempting to ${verb} file "${text}" that is excluded by .dockerignore`;
    report.add('CopyIgnoredFile', range, message, instruction.comments);
  }
}

function isIgnored(path: string, ignore: IgnoreRules): boolean {
  if (ignore.match(path).ignored) return true;
  const isRoot = /^[./]*$/.test(path);
  return isRoot && ignore.rules.some(({ pattern }) => EVERYTHING.includes(pattern));
}

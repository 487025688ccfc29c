import type { Word } from '../source/position.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { ArgInstruction, FromInstruction, Instruction } from '../syntax/instruction.ts';
import { checkComment } from './lint-settings.ts';
import type { Report } from './report.ts';

const RESERVED_NAMES = ['context', 'scratch'];
const SECRET = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const NO_SECRET = /(?:_|^)(?:public|file|version)(?:_|$)/i;

/** What an instruction shows by itself, whatever its variables hold. */
export function lintInstructions(file: Dockerfile, report: Report): void {
  for (const arg of file.globalArgs) lintDescription(arg, report);
  const names = new Set<string>();
  for (const { name, from, instructions } of file.stages) {
    if (name !== null && from.name !== null) lintStageName(name, from.name, { from, names, report });
    lintDescription(from, report);
    for (const instruction of instructions) lintInstruction(instruction, report);
  }
}

function lintStageName(
  name: string,
  { range }: Word,
  { from, names, report }: { from: FromInstruction; names: Set<string>; report: Report },
): void {
  if (RESERVED_NAMES.includes(name)) {
    const message = `Stage name should not use the same name as reserved stage "${name}"`;
    report.add('ReservedStageName', range, message, from.comments);
  }
  if (names.has(name)) {
    const message = `Duplicate stage name "${name}", stage names should be unique`;
    report.add('DuplicateStageName', range, message, from.comments);
  }
  names.add(name);
}

function lintInstruction(instruction: Instruction, report: Report): void {
  const { keyword, comments, range } = instruction;
  if (instruction.kind === 'maintainer') {
    const message = 'Maintainer instruction is deprecated in favor of using label';
    report.add('MaintainerDeprecated', range, message, comments);
  }
  if ((instruction.kind === 'env' || instruction.kind === 'label') && instruction.legacy) {
    const message = `"${keyword.text} key=value" should be used instead of legacy "${keyword.text} key value" format`;
    report.add('LegacyKeyValueFormat', range, message, comments);
  }
  if (instruction.kind === 'env') {
    const keys = instruction.pairs.map(({ key }) => key);
    lintSecrets('ENV', keys, instruction, report);
  }
  if (instruction.kind === 'arg') {
    const names = instruction.args.map(({ name }) => name);
    lintSecrets('ARG', names, instruction, report);
    lintDescription(instruction, report);
  }
}

function lintSecrets(kind: string, names: readonly Word[], { comments }: Instruction, report: Report): void {
  for (const { text, range } of names) {
    if (!SECRET.test(text) || NO_SECRET.test(text)) continue;
    const message = `Do not use ARG or ENV instructions for sensitive data (${kind} "${text}")`;
    report.add('SecretsUsedInArgOrEnv', range, message, comments);
  }
}

/** The last comment above describes the stage, or one of the arguments, when its first word is the name. */
function lintDescription(instruction: ArgInstruction | FromInstruction, report: Report): void {
  const names = definedNames(instruction);
  const description = instruction.comments.findLast((comment) => checkComment(comment) === null);
  const [first] = names;
  if (description === undefined || first === undefined) return;
  if (names.includes(description.split(' ', 1)[0] ?? '')) return;
  const example = names.length === 1 ? first : '<arg_key>';
  const message = `Comment for ${instruction.kind.toUpperCase()} should follow the format: \`# ${example} <description>\``;
  report.add('InvalidDefinitionDescription', instruction.range, message, instruction.comments);
}

function definedNames(instruction: ArgInstruction | FromInstruction): readonly string[] {
  if (instruction.kind === 'arg') return instruction.args.map(({ name }) => name.text);
  return instruction.name === null ? [] : [instruction.name.text.toLowerCase()];
}

import { didYouMean } from '../problems/suggestion.ts';
import {
  type Instruction,
  isInstructionKind,
  type InstructionKind,
  KEYWORDS,
} from '../syntax/instruction.ts';
import type { OnbuildInstruction, TriggerInstruction } from '../syntax/instruction.ts';
import { Flags } from './flags.ts';
import { atKeyword, baseOf, type InstructionText } from './instruction-text.ts';
import { readCmd, readEntrypoint, readRun, readShell } from './instructions/commands.ts';
import { readFrom } from './instructions/from.ts';
import { readHealthcheck } from './instructions/healthcheck.ts';
import { readArg, readEnv, readLabel } from './instructions/key-values.ts';
import {
  readExpose,
  readMaintainer,
  readStopsignal,
  readUser,
  readVolume,
  readWorkdir,
} from './instructions/settings.ts';
import { readAdd, readCopy } from './instructions/transfers.ts';
import { splitInstruction } from './split-instruction.ts';

const READERS: Readonly<Record<InstructionKind, (text: InstructionText) => Instruction>> = {
  add: readAdd,
  arg: readArg,
  cmd: readCmd,
  copy: readCopy,
  entrypoint: readEntrypoint,
  env: readEnv,
  expose: readExpose,
  from: readFrom,
  healthcheck: readHealthcheck,
  label: readLabel,
  maintainer: readMaintainer,
  onbuild: readOnbuild,
  run: readRun,
  shell: readShell,
  stopsignal: readStopsignal,
  user: readUser,
  volume: readVolume,
  workdir: readWorkdir,
};

/** The typed form of an instruction. Fails with a ProblemError. */
export function readInstruction(text: InstructionText): Instruction {
  const kind = text.keyword.text.toLowerCase();
  if (isInstructionKind(kind)) return READERS[kind](text);
  const message = `There is no instruction "${text.keyword.text.slice(0, 100)}".`;
  const suggestion = didYouMean(text.keyword.text.toUpperCase(), KEYWORDS);
  throw atKeyword(text, message + suggestion, `A line begins with ${KEYWORDS.join(', ')}.`);
}

/** The instruction behind ONBUILD, in parts; null: there is none. */
export function triggerText(text: InstructionText): InstructionText | null {
  if (text.args.text === '') return null;
  return { ...text, comments: [], ...splitInstruction(text.line.text, text.args.from, text.escape) };
}

function readOnbuild(text: InstructionText): OnbuildInstruction {
  new Flags(text);
  const inner = triggerText(text);
  if (inner === null)
    throw atKeyword(text, 'ONBUILD needs an instruction.', 'It is written ONBUILD INSTRUCTION.');
  // Checked before it is read: an ONBUILD of ONBUILD would be read once for each.
  if (['onbuild', 'from', 'maintainer'].includes(inner.keyword.text.toLowerCase())) throw notATrigger(inner);
  const trigger = readInstruction(inner);
  if (!isTrigger(trigger)) throw notATrigger(inner);
  const documents = text.heredocs.map(({ content, name }) => `\n${content}${name}`);
  const expression = text.args.text + documents.join('');
  return { ...baseOf(text), kind: 'onbuild', trigger, expression };
}

function isTrigger(instruction: Instruction): instruction is TriggerInstruction {
  return instruction.kind !== 'onbuild' && instruction.kind !== 'from' && instruction.kind !== 'maintainer';
}

function notATrigger(text: InstructionText) {
  const keyword = text.keyword.text.toUpperCase();
  return atKeyword(
    text,
    `${keyword} cannot be a trigger of ONBUILD.`,
    'All but ONBUILD, FROM and MAINTAINER can.',
  );
}

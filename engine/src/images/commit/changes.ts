import {
  applyInstruction,
  type ConfigState,
  expandInstruction,
  type Instruction,
  type Lookup,
  parseInstructions,
  type RunConfigDocument,
  type StageInstruction,
} from '../../builds/dockerfile/index.ts';
import { EngineError, isEngineError } from '../../errors/index.ts';
import { signalNumber } from '../../runtime/index.ts';

/** Docker's list: what says something of the config and needs no build. */
const ALLOWED: readonly Instruction['kind'][] = [
  'cmd',
  'entrypoint',
  'env',
  'expose',
  'healthcheck',
  'label',
  'onbuild',
  'stopsignal',
  'user',
  'volume',
  'workdir',
];

/** Applies instructions as in a Dockerfile, those that need no build; `invalid-argument` names the one that is wrong. */
export function applyChanges(config: RunConfigDocument, changes: readonly string[]): RunConfigDocument {
  let state: ConfigState = { config, commandSet: false };
  for (const instruction of parsed(changes)) {
    if (!isChange(instruction)) throw notAChange(instruction.keyword.text);
    state = applyInstruction(state, checked(expanded(instruction, state.config)));
  }
  return state.config;
}

function parsed(changes: readonly string[]): readonly Instruction[] {
  try {
    return parseInstructions(changes.join('\n'));
  } catch (thrown) {
    if (!isEngineError(thrown)) throw thrown;
    const [word = ''] = (changes[0] ?? '').trim().split(/\s/, 1);
    if (!ALLOWED.some((kind) => kind === word.toLowerCase()) && changes.length === 1) throw notAChange(word);
    throw thrown;
  }
}

function isChange(instruction: Instruction): instruction is StageInstruction {
  return ALLOWED.includes(instruction.kind);
}

function expanded(instruction: StageInstruction, { Env = [] }: RunConfigDocument): StageInstruction {
  const lookup: Lookup = (name) => Env.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  return expandInstruction(instruction, { escape: '\\', lookup });
}

/** What a container that is made of the image would be refused for. */
function checked(instruction: StageInstruction): StageInstruction {
  if (instruction.kind === 'stopsignal' && signalNumber(instruction.signal.text) === null) {
    throw new EngineError('invalid-argument', `There is no signal "${instruction.signal.text}".`, {
      detail: { step: 'change', path: 'STOPSIGNAL' },
    });
  }
  return instruction;
}

function notAChange(word: string): EngineError {
  return new EngineError('invalid-argument', `${word.slice(0, 100)} is not a valid change command`, {
    detail: { step: 'change', path: word.slice(0, 100) },
    hint: `A change is one of ${ALLOWED.map((kind) => kind.toUpperCase()).join(', ')}.`,
  });
}

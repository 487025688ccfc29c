import { skipBlanks } from '../../source/blank.ts';
import { slice } from '../argument-words.ts';
import { parseDuration } from '../duration.ts';
import { Flags } from '../flags.ts';
import {
  atKeyword,
  baseOf,
  commandLine,
  type InstructionText,
  jsonWords,
  placed,
} from '../instruction-text.ts';
import type { HealthcheckInstruction } from '../../syntax/instruction.ts';

const FORM = 'It is written HEALTHCHECK [FLAGS] CMD COMMAND, or HEALTHCHECK NONE.';
const MAX_RETRIES = 2 ** 31 - 1;
const FLAGS = {
  interval: 'text',
  timeout: 'text',
  'start-period': 'text',
  'start-interval': 'text',
  retries: 'text',
} as const;

export function readHealthcheck(text: InstructionText): HealthcheckInstruction {
  const { args, line } = text;
  const typeEnd = /\s/.exec(args.text)?.index ?? args.text.length;
  const type = slice(args, 0, typeEnd);
  const rest = slice(args, skipBlanks(args.text, typeEnd), args.text.length);
  const flags = new Flags(text, FLAGS);
  const settings = readSettings(text, flags);
  switch (type.text.toUpperCase()) {
    case 'NONE':
      if (rest.text !== '') throw line.problem(rest, 'HEALTHCHECK NONE takes nothing else.', FORM);
      return { ...baseOf(text), kind: 'healthcheck', command: null, ...settings };
    case 'CMD': {
      const words = jsonWords({ ...text, args: rest });
      if (rest.text === '' || words?.length === 0) throw line.problem(type, 'CMD has no command.', FORM);
      return { ...baseOf(text), kind: 'healthcheck', command: commandLine(text, rest, words), ...settings };
    }
    case '':
      throw atKeyword(text, 'HEALTHCHECK needs CMD or NONE.', FORM);
    default:
      throw line.problem(type, `HEALTHCHECK knows no "${type.text}".`, FORM);
  }
}

function readSettings(text: InstructionText, flags: Flags) {
  const duration = (name: string): number | null => {
    const span = flags.span(name);
    return span === null || span.text === '' ? null : placed(text, span, () => parseDuration(span.text));
  };
  return {
    interval: duration('interval'),
    timeout: duration('timeout'),
    startPeriod: duration('start-period'),
    startInterval: duration('start-interval'),
    retries: readRetries(text, flags),
  };
}

function readRetries(text: InstructionText, flags: Flags): number | null {
  const span = flags.span('retries');
  if (span === null || span.text === '') return null;
  if (/^\d{1,10}$/.test(span.text) && Number(span.text) <= MAX_RETRIES) return Number(span.text);
  throw text.line.problem(span, `"${span.text}" is no number of retries.`, 'It is a whole number.');
}

import { plainWords } from '../argument-words.ts';
import { Flags } from '../flags.ts';
import { atKeyword, baseOf, type InstructionText, jsonWords, keywordOf } from '../instruction-text.ts';
import type { Word } from '../../source/position.ts';
import type {
  ExposeInstruction,
  MaintainerInstruction,
  StopsignalInstruction,
  UserInstruction,
  VolumeInstruction,
  WorkdirInstruction,
} from '../../syntax/instruction.ts';

export function readExpose(text: InstructionText): ExposeInstruction {
  new Flags(text);
  const ports = plainWords(text.args).map((port) => text.line.word(port));
  if (ports.length === 0)
    throw atKeyword(text, 'EXPOSE needs a port.', 'It is written EXPOSE PORT[/PROTOCOL] ...');
  return { ...baseOf(text), kind: 'expose', ports };
}

export function readVolume(text: InstructionText): VolumeInstruction {
  new Flags(text);
  const words = jsonWords(text) ?? plainWords(text.args);
  const expected = 'It is written VOLUME PATH ... or VOLUME ["PATH", ...].';
  if (words.length === 0) throw atKeyword(text, 'VOLUME needs a path.', expected);
  const paths = words.map((word) => {
    const path = word.text.trim();
    if (path === '') throw text.line.problem(word, 'A path of VOLUME is empty.', expected);
    return text.line.word({ ...word, text: path });
  });
  return { ...baseOf(text), kind: 'volume', paths };
}

export function readUser(text: InstructionText): UserInstruction {
  return { ...baseOf(text), kind: 'user', user: onlyArgument(text, 'USER NAME[:GROUP]') };
}

export function readWorkdir(text: InstructionText): WorkdirInstruction {
  return { ...baseOf(text), kind: 'workdir', path: onlyArgument(text, 'WORKDIR PATH') };
}

export function readStopsignal(text: InstructionText): StopsignalInstruction {
  return { ...baseOf(text), kind: 'stopsignal', signal: onlyArgument(text, 'STOPSIGNAL SIGNAL') };
}

export function readMaintainer(text: InstructionText): MaintainerInstruction {
  return { ...baseOf(text), kind: 'maintainer', name: onlyArgument(text, 'MAINTAINER NAME') };
}

/** All of the arguments as one, blanks included. */
function onlyArgument(text: InstructionText, form: string): Word {
  new Flags(text);
  if (text.args.text === '')
    throw atKeyword(text, `${keywordOf(text)} has no argument.`, `It is written ${form}.`);
  return text.line.word(text.args);
}

import {
  atKeyword,
  baseOf,
  commandLine,
  type InstructionText,
  jsonWords,
  placed,
} from '../instruction-text.ts';
import { Flags } from '../flags.ts';
import { parseDevice } from '../device.ts';
import { parseMountFlag } from '../mount-flag.ts';
import type {
  CmdInstruction,
  EntrypointInstruction,
  RunInstruction,
  ShellInstruction,
} from '../../syntax/instruction.ts';

export function readRun(text: InstructionText): RunInstruction {
  const flags = new Flags(text, { mount: 'list', network: 'text', security: 'text', device: 'list' });
  const { line } = text;
  return {
    ...baseOf(text),
    kind: 'run',
    command: commandLine(text, text.args, jsonWords(text)),
    mounts: flags.list('mount').map((flag) => ({
      ...placed(text, flag, () => parseMountFlag(flag.text, text.escape)),
      range: line.range(flag.from, flag.to),
    })),
    network: flags.choice('network', ['default', 'none', 'host']),
    security: flags.choice('security', ['sandbox', 'insecure']),
    devices: flags.list('device').map((flag) => placed(text, flag, () => parseDevice(flag.text))),
  };
}

export function readCmd(text: InstructionText): CmdInstruction {
  new Flags(text);
  return { ...baseOf(text), kind: 'cmd', command: commandLine(text, text.args, jsonWords(text)) };
}

export function readEntrypoint(text: InstructionText): EntrypointInstruction {
  new Flags(text);
  return { ...baseOf(text), kind: 'entrypoint', command: commandLine(text, text.args, jsonWords(text)) };
}

export function readShell(text: InstructionText): ShellInstruction {
  new Flags(text);
  const words = jsonWords(text);
  const expected = 'It is written SHELL ["program", "argument"].';
  if (words === null && text.args.text !== '') {
    throw text.line.problem(text.args, 'SHELL takes JSON only.', expected);
  }
  if (words === null || words.length === 0) throw atKeyword(text, 'SHELL needs a program.', expected);
  return { ...baseOf(text), kind: 'shell', args: words.map((word) => text.line.word(word)) };
}

import { plainWords } from '../argument-words.ts';
import { isFileMode } from '../file-mode.ts';
import { Flags } from '../flags.ts';
import { atKeyword, baseOf, type InstructionText, jsonWords, keywordOf } from '../instruction-text.ts';
import { heredocMark } from '../../source/heredocs.ts';
import type { Span } from '../../source/logical-line.ts';
import type { Word } from '../../source/position.ts';
import type { AddInstruction, CopyInstruction } from '../../syntax/instruction.ts';
import type { CopySource } from '../../syntax/words.ts';

const SHARED_FLAGS = { chown: 'text', chmod: 'text', link: 'boolean', exclude: 'list' } as const;

export function readCopy(text: InstructionText): CopyInstruction {
  const flags = new Flags(text, { ...SHARED_FLAGS, from: 'text', parents: 'boolean' });
  return {
    ...baseOf(text),
    kind: 'copy',
    ...readTransfer(text, flags),
    from: readSourceStage(text, flags),
    parents: flags.boolean('parents') ?? false,
  };
}

export function readAdd(text: InstructionText): AddInstruction {
  const flags = new Flags(text, {
    ...SHARED_FLAGS,
    checksum: 'text',
    'keep-git-dir': 'boolean',
    unpack: 'boolean',
  });
  return {
    ...baseOf(text),
    kind: 'add',
    ...readTransfer(text, flags),
    checksum: flags.word('checksum'),
    keepGitDir: flags.boolean('keep-git-dir'),
    unpack: flags.boolean('unpack'),
  };
}

function readTransfer(text: InstructionText, flags: Flags) {
  const words = jsonWords(text) ?? plainWords(text.args);
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) {
    const form = `It is written ${keywordOf(text)} SOURCE ... DESTINATION.`;
    throw atKeyword(text, `${keywordOf(text)} needs a source and a destination.`, form);
  }
  if (heredocMark(destination.text) !== null) {
    throw text.line.problem(destination, 'A here-document cannot be the destination.', 'A path stands last.');
  }
  return {
    sources: words.slice(0, -1).map((word) => sourceOf(text, word)),
    destination: text.line.word(destination),
    chown: flags.word('chown'),
    chmod: readMode(text, flags.span('chmod')),
    link: flags.boolean('link') ?? false,
    exclude: flags.list('exclude').map((pattern) => text.line.word(pattern)),
  };
}

function sourceOf(text: InstructionText, word: Span): CopySource {
  const mark = heredocMark(word.text);
  if (mark === null) return { kind: 'path', path: text.line.word(word) };
  const heredoc = text.heredocs.findLast(({ name }) => name === mark.name);
  if (heredoc !== undefined) return { kind: 'inline', heredoc };
  const message = `The here-document ${word.text} has no content.`;
  throw text.line.problem(
    word,
    message,
    'A here-document stands outside JSON, in a line whose quotes match.',
  );
}

function readMode(text: InstructionText, mode: Span | null): Word | null {
  if (mode === null) return null;
  if (!/[$\\`]/.test(mode.text) && !isFileMode(mode.text)) {
    const expected = 'A mode is octal, like 0644, or symbolic, like u=rwX,go=rX.';
    throw text.line.problem(mode, `"${mode.text}" is no file mode.`, expected);
  }
  return text.line.word(mode);
}

function readSourceStage(text: InstructionText, flags: Flags): Word | null {
  const from = flags.span('from');
  if (from?.text.includes('$') === true) {
    const expected = 'Name the image in a stage of its own: FROM $IMAGE AS source, then --from=source.';
    throw text.line.problem(from, '--from takes no variables.', expected);
  }
  // An empty one is as none, as the reference has it.
  return from === null || from.text === '' ? null : text.line.word(from);
}

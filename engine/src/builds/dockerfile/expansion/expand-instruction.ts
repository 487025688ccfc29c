import { placedIn } from '../problems/instruction-failure.ts';
import { readMount } from '../parsing/read-mount.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import { type Heredoc, heredocContent } from '../source/heredocs.ts';
import type { Range, Word } from '../source/position.ts';
import type { AddInstruction, CopyInstruction, Instruction, RunInstruction } from '../syntax/instruction.ts';
import type { Mount } from '../syntax/mount.ts';
import type { CopySource, KeyValue } from '../syntax/words.ts';
import { checkTransfer } from './check-transfer.ts';
import { expandWord, type Lookup } from './expand-word.ts';

export interface InstructionExpansion {
  readonly escape: EscapeCharacter;
  readonly lookup: Lookup;
  /** Told of each variable that is asked for and not set. */
  readonly onUnset?: (name: string, range: Range) => void;
}

/**
 * The instruction with its variables put in and its quotes taken off, where the reference has that: ADD, COPY, ENV,
 * EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME and WORKDIR. All of them see the values from before the instruction. The
 * others are as they were: what RUN, CMD, ENTRYPOINT and HEALTHCHECK run is the shell's to read, FROM and ARG belong to
 * their scopes, ONBUILD's trigger to the stage it fires in.
 */
export function expandInstruction<T extends Instruction>(instruction: T, expansion: InstructionExpansion): T;
export function expandInstruction(instruction: Instruction, expansion: InstructionExpansion): Instruction {
  const word = (written: Word): Word => expandedWord(written, instruction, expansion);
  const optional = (written: Word | null): Word | null => written && word(written);
  const pairs = (written: readonly KeyValue[]): readonly KeyValue[] =>
    written.map(({ key, value }) => ({ key: word(key), value: word(value) }));
  const sources = (written: readonly CopySource[]): readonly CopySource[] =>
    written.map((source) => {
      if (source.kind === 'path') return { kind: 'path', path: word(source.path) };
      return { kind: 'inline', heredoc: expandedHeredoc(source.heredoc, instruction, expansion) };
    });
  switch (instruction.kind) {
    case 'env':
    case 'label':
      return { ...instruction, pairs: pairs(instruction.pairs) };
    case 'copy':
    case 'add': {
      const destination = word(instruction.destination);
      const owner = { chown: optional(instruction.chown), chmod: optional(instruction.chmod) };
      const shared = { sources: sources(instruction.sources), destination, ...owner };
      const expanded: CopyInstruction | AddInstruction =
        instruction.kind === 'copy'
          ? { ...instruction, ...shared }
          : { ...instruction, ...shared, checksum: optional(instruction.checksum) };
      checkTransfer(expanded);
      return expanded;
    }
    case 'expose':
      return {
        ...instruction,
        ports: instruction.ports.flatMap((port) => portWords(port, instruction, expansion)),
      };
    case 'volume':
      return { ...instruction, paths: instruction.paths.map(word) };
    case 'user':
      return { ...instruction, user: word(instruction.user) };
    case 'workdir':
      return { ...instruction, path: word(instruction.path) };
    case 'stopsignal':
      return { ...instruction, signal: word(instruction.signal) };
    case 'arg':
    case 'cmd':
    case 'entrypoint':
    case 'from':
    case 'healthcheck':
    case 'maintainer':
    case 'onbuild':
    case 'run':
    case 'shell':
      return instruction;
  }
}

/** A word of an instruction with its variables put in; a DockerfileError points at it. */
export function expandedWord(written: Word, instruction: Instruction, expansion: InstructionExpansion): Word {
  return placedIn(written.range, instruction, () => {
    const { text, unset } = expandWord(written.text, expansion);
    for (const name of unset) expansion.onUnset?.(name, written.range);
    return { ...written, text };
  });
}

/** RUN's mounts, their variables put in. */
export function expandMounts(run: RunInstruction, expansion: InstructionExpansion): readonly Mount[] {
  return run.mounts.map(({ fields, range }) =>
    placedIn(range, run, () =>
      readMount(fields, (text) => expandedWord({ text, range }, run, expansion).text),
    ),
  );
}

/** A variable may hold several ports: `EXPOSE $PORTS`. */
function portWords(port: Word, instruction: Instruction, expansion: InstructionExpansion): readonly Word[] {
  return placedIn(port.range, instruction, () => {
    const { words, unset } = expandWord(port.text, expansion);
    for (const name of unset) expansion.onUnset?.(name, port.range);
    return words.map((text) => ({ ...port, text }));
  });
}

/** Tabs are taken off first, so a value's tabs stay. Escapes here are backslashes, whatever the file's are. */
function expandedHeredoc(
  heredoc: Heredoc,
  instruction: Instruction,
  expansion: InstructionExpansion,
): Heredoc {
  const content = heredocContent(heredoc);
  if (!heredoc.expand) return { ...heredoc, content, stripTabs: false };
  return placedIn(heredoc.range, instruction, () => {
    const options = { escape: '\\', lookup: expansion.lookup, keepQuotes: true } as const;
    const { text, unset } = expandWord(content, options);
    for (const name of unset) expansion.onUnset?.(name, heredoc.range);
    return { ...heredoc, content: text, stripTabs: false, expand: false };
  });
}

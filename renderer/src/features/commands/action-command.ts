import { maskedEnv } from '../../lib/secrets.ts';
import { joinWords } from '../../lib/shell-words.ts';
import type { MessageId } from '../../messages/use-text.ts';

/** What a button of the window does, as command lines: argument vectors without the program's name. */
export interface ActionCommand {
  readonly longshore: readonly string[];
  /** Null: docker has no command for it. */
  readonly docker: readonly string[] | null;
  /** What was asked for, and docker has no flag for; its line does the rest. */
  readonly missing: readonly MessageId[];
}

/** Longshore's verbs and flags are docker's, where there is nothing else to say. */
export function same(...words: readonly string[]): ActionCommand {
  return { longshore: words, docker: words, missing: [] };
}

export function differs(
  longshore: readonly string[],
  docker: readonly string[],
  missing: readonly (MessageId | false)[] = [],
): ActionCommand {
  return { longshore, docker, missing: missing.filter((each) => each !== false) };
}

export function onlyLongshore(...words: readonly string[]): ActionCommand {
  return { longshore: words, docker: null, missing: [] };
}

export const PROGRAMS = ['longshore', 'docker'] as const;
export type Program = (typeof PROGRAMS)[number];

/** The line for a POSIX shell; undefined: the program has no command for it. */
export function commandLine(command: ActionCommand, program: Program): string | undefined {
  const words = command[program];
  return words === null ? undefined : `${program} ${joinWords(words)}`;
}

/** The same for the eyes of others: values of variables that look like secrets are masked. */
export function maskedLine(command: ActionCommand, program: Program): string | undefined {
  const words = command[program]?.map((word, index, all) =>
    VALUED.has(all[index - 1] ?? '') ? maskedEnv(word) : word,
  );
  return commandLine({ ...command, [program]: words ?? null }, program);
}

/** Flags that are followed by `NAME=value`. */
const VALUED = new Set(['-e', '--env', '--build-arg']);

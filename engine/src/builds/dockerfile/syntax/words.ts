import type { Heredoc } from '../source/heredocs.ts';
import type { Range, Word } from '../source/position.ts';

/** What RUN, CMD, ENTRYPOINT and a healthcheck run. */
export type CommandLine = ExecCommand | ShellCommand;

/** `["program", "argument"]`: no shell, no variables. May be empty: it resets what a base image said. */
export interface ExecCommand {
  readonly form: 'exec';
  readonly args: readonly Word[];
}

/** A line for the stage's shell, with its here-documents (RUN only). */
export interface ShellCommand {
  readonly form: 'shell';
  readonly line: Word;
  readonly heredocs: readonly Heredoc[];
}

export interface KeyValue {
  readonly key: Word;
  readonly value: Word;
}

/** A source of COPY or ADD: a path (or URL) or a here-document, whose file has the document's name. */
export type CopySource =
  { readonly kind: 'path'; readonly path: Word } | { readonly kind: 'inline'; readonly heredoc: Heredoc };

/** One `key=value` of `--mount`; null: only the key was written. */
export interface MountField {
  readonly key: string;
  readonly value: string | null;
}

/** `--mount` as written. Its fields may hold variables, so `readMount` makes a mount of it when they are known. */
export interface WrittenMount {
  readonly fields: readonly MountField[];
  /** A stage, a named context or an image; never with variables. */
  readonly from: string | null;
  readonly range: Range;
}

/** `--device`: a CDI name. */
export interface DeviceRequest {
  readonly name: string;
  readonly required: boolean;
}

import { posix } from 'node:path';
import { exposedPorts } from '../expansion/exposed-ports.ts';
import type { HealthcheckInstruction, StageInstruction } from '../syntax/instruction.ts';
import type { CommandLine } from '../syntax/words.ts';
import type { HealthcheckDocument, RunConfigDocument } from './run-config.ts';

/** What of an image config the instructions of one stage change. */
export interface ConfigState {
  readonly config: RunConfigDocument;
  /** The stage has said the command itself: an entrypoint does not take it away. */
  readonly commandSet: boolean;
}

export const DEFAULT_SHELL: readonly string[] = ['/bin/sh', '-c'];

/**
 * The config after an instruction whose variables are put in. Instructions that say nothing of it, as RUN, leave it as
 * it is.
 */
export function applyInstruction(state: ConfigState, instruction: StageInstruction): ConfigState {
  const { config } = state;
  const change = (changes: Partial<RunConfigDocument>): ConfigState => ({
    ...state,
    config: { ...config, ...changes },
  });
  switch (instruction.kind) {
    case 'cmd':
      return { config: { ...config, Cmd: argumentsOf(config, instruction.command) }, commandSet: true };
    case 'entrypoint': {
      // The old command's arguments would go to the new program.
      const Cmd = state.commandSet ? (config.Cmd ?? []) : [];
      return change({ Entrypoint: argumentsOf(config, instruction.command), Cmd });
    }
    case 'env':
      return change({ Env: withVariables(config.Env ?? [], instruction.pairs) });
    case 'expose':
      return change({ ExposedPorts: { ...config.ExposedPorts, ...setOf(exposedPorts(instruction)) } });
    case 'healthcheck':
      return change({ Healthcheck: healthcheckOf(instruction) });
    case 'label': {
      const labels = instruction.pairs.map(({ key, value }) => [key.text, value.text] as const);
      return change({ Labels: { ...config.Labels, ...Object.fromEntries(labels) } });
    }
    case 'onbuild':
      return change({ OnBuild: [...(config.OnBuild ?? []), instruction.expression] });
    case 'shell':
      return change({ Shell: instruction.args.map(({ text }) => text) });
    case 'stopsignal':
      return change({ StopSignal: instruction.signal.text });
    case 'user':
      return change({ User: instruction.user.text });
    case 'volume':
      return change({ Volumes: { ...config.Volumes, ...setOf(instruction.paths.map(({ text }) => text)) } });
    case 'workdir':
      return change({ WorkingDir: posix.resolve('/', config.WorkingDir ?? '/', instruction.path.text) });
    case 'add':
    case 'arg':
    case 'copy':
    case 'maintainer':
    case 'run':
      return state;
  }
}

/** An argument vector as it is, a line with the stage's shell before it. */
export function argumentsOf(
  { Shell = DEFAULT_SHELL }: RunConfigDocument,
  command: CommandLine,
): readonly string[] {
  if (command.form === 'exec') return command.args.map(({ text }) => text);
  return command.line.text === '' ? [] : [...Shell, command.line.text];
}

function withVariables(
  env: readonly string[],
  pairs: readonly { readonly key: { readonly text: string }; readonly value: { readonly text: string } }[],
): readonly string[] {
  const variables = new Map(env.map((entry) => [nameOf(entry), entry]));
  for (const { key, value } of pairs) variables.set(key.text, `${key.text}=${value.text}`);
  return [...variables.values()];
}

function healthcheckOf(check: HealthcheckInstruction): HealthcheckDocument {
  if (check.command === null) return { Test: ['NONE'] };
  const { command } = check;
  const test =
    command.form === 'exec'
      ? ['CMD', ...command.args.map(({ text }) => text)]
      : ['CMD-SHELL', command.line.text];
  return {
    Test: test,
    ...(check.interval !== null && { Interval: check.interval }),
    ...(check.timeout !== null && { Timeout: check.timeout }),
    ...(check.startPeriod !== null && { StartPeriod: check.startPeriod }),
    ...(check.startInterval !== null && { StartInterval: check.startInterval }),
    ...(check.retries !== null && { Retries: check.retries }),
  };
}

function nameOf(entry: string): string {
  return entry.slice(0, Math.max(entry.indexOf('='), 0) || entry.length);
}

/** Go's way to write a set. */
function setOf(keys: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(keys.map((key) => [key, {}]));
}

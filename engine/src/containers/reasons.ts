import type { ContainerExit, ContainerState, Health, StartFailure } from '../types/index.ts';

const MIB = 1024 * 1024;

/** What shells and init systems mean by these codes. */
const CODE_WORDS: Readonly<Record<number, string>> = {
  125: 'the container engine reported an error',
  126: 'its command was found but could not be executed',
  127: 'its command was not found',
  255: 'the machine or its agent went down while it ran, or the command said so itself',
};

/** What signals at an end mean, where their names do not say it. */
const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  ABRT: 'it aborted itself',
  BUS: 'a bad memory access',
  FPE: 'an arithmetic error',
  ILL: 'an illegal instruction',
  KILL: 'it was killed at once',
  SEGV: 'a bad memory access',
  SYS: 'a forbidden system call',
};

/** Why a container does not run, or is not well: sentences for the person, the most important first. */
export function reasonsOf(state: ContainerState): readonly string[] {
  return [
    ...failureReasons(state.failure),
    ...(state.exit === null ? [] : exitReasons(state.exit)),
    ...loopReasons(state),
    ...healthReasons(state.health),
  ];
}

function failureReasons(failure: StartFailure | null): readonly string[] {
  if (failure === null) return [];
  const { message, hint, detail } = failure;
  const at = detail?.step === undefined ? '' : ` at the step "${detail.step}"`;
  const errno = detail?.errno === undefined ? '' : ` (${detail.errno})`;
  return [`The last start failed${at}${errno}: ${message}`, ...(hint === undefined ? [] : [hint])];
}

function exitReasons(exit: ContainerExit): readonly string[] {
  if (exit.oomKilled) return [outOfMemory(exit)];
  if (exit.signal !== null) {
    const words = SIGNAL_WORDS[exit.signal];
    return [`It was ended by the signal ${exit.signal}${words === undefined ? '' : `: ${words}`}.`];
  }
  if (exit.code === 0) return ['Its command ended by itself, without an error (exit code 0).'];
  const words = CODE_WORDS[exit.code] ?? codeOfSignal(exit.code);
  return [`Its command ended with exit code ${exit.code}${words === undefined ? '' : `: ${words}`}.`];
}

function outOfMemory({ memoryLimitBytes, memoryPeakBytes }: ContainerExit): string {
  const limit = memoryLimitBytes === null ? '' : ` of ${inMib(memoryLimitBytes)}`;
  const peak = memoryPeakBytes === null ? '' : ` It had used up to ${inMib(memoryPeakBytes)}.`;
  return `The kernel killed it, because it needed more memory than its limit${limit}.${peak}`;
}

/** Shells pass a signal's end on as 128 and its number. */
function codeOfSignal(code: number): string | undefined {
  return code > 128 && code <= 192 ? `as after signal ${code - 128}` : undefined;
}

function loopReasons({ crashLooping }: ContainerState): readonly string[] {
  if (crashLooping === null) return [];
  return [`It ends soon after each start: ${crashLooping.sinceExitCount} times in a row.`];
}

function healthReasons(health: Health | null): readonly string[] {
  const last = health?.probes.at(-1);
  if (health?.status !== 'unhealthy' || last === undefined) return [];
  const output = last.output.trim();
  return [`Its health check failed (exit code ${last.exitCode})${output === '' ? '.' : `: ${output}`}`];
}

function inMib(bytes: number): string {
  return `${Math.round((bytes / MIB) * 10) / 10} MiB`;
}

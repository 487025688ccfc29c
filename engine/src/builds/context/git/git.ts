import { execFile, type ExecFileException } from 'node:child_process';
import { devNull } from 'node:os';
import { EngineError, toEngineError } from '../../../errors/index.ts';

const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Nothing else is spoken with a repository; `file` and `ext` would read this machine, or run its programs. */
const PROTOCOLS = 'https:http:ssh:git';
/** Nothing of a repository runs, and no submodule is looked at. */
const SAFE = [
  ...['-c', `core.hooksPath=${devNull}`, '-c', 'core.fsmonitor=false', '-c', 'submodule.recurse=false'],
  ...['-c', 'protocol.file.allow=never', '-c', 'protocol.ext.allow=never', '-c', 'gc.auto=0'],
  ...['-c', 'transfer.fsckObjects=true', '-c', 'advice.detachedHead=false'],
];

export interface GitOptions {
  readonly folder: string;
  /** The socket of an ssh agent; null: none. */
  readonly sshAgent: string | null;
  readonly signal: AbortSignal;
}

/** Runs git with settings of its own only, and never asks anybody. Answers what it says. */
export function git(words: readonly string[], { folder, sshAgent, signal }: GitOptions): Promise<string> {
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    ...(sshAgent !== null && { SSH_AUTH_SOCK: sshAgent }),
  };
  const options = { cwd: folder, env, signal, maxBuffer: MAX_OUTPUT_BYTES };
  return new Promise((resolve, reject) => {
    execFile('git', [...SAFE, ...words], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else if (signal.aborted) reject(toEngineError(signal.reason));
      else reject(failed(error, stderr));
    });
  });
}

function failed(error: ExecFileException, stderr: string): EngineError {
  if (error.code === 'ENOENT') {
    return new EngineError('failed-precondition', 'git is not installed on this machine.', {
      detail: { step: 'git', errno: 'ENOENT' },
      hint: 'Install it, or build a folder.',
    });
  }
  const lines = stderr.split('\n').filter((line) => line !== '');
  const said = lines.find((line) => line.startsWith('fatal:')) ?? lines.at(-1) ?? error.message;
  // An address may hold a password.
  const words = said.replace(/^fatal: /, '').replace(/\/\/[^/@\s]+@/g, '//');
  return new EngineError('unavailable', `The repository cannot be fetched: ${words.slice(0, 500)}`, {
    detail: { step: 'git' },
    cause: error,
  });
}

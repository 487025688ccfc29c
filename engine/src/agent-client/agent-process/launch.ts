import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../errors/index.ts';

export interface AgentProcessOptions {
  /** Absolute path of `longshore-agent`. */
  readonly binary: string;
  readonly dataDir: string;
  readonly runDir: string;
}

/** Who asks for the agent, and what may be asked of a person. */
export interface Rights {
  readonly uid: number;
  readonly gid: number;
  /** A display on which polkit's dialogue can appear. */
  readonly hasDisplay: boolean;
}

/** An argument vector; `program` is found in PATH. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
}

interface Outcome {
  readonly started: boolean;
  readonly stderr: string;
}

/** Runs a program to its end. */
export type Execute = (launch: Launch) => Promise<Outcome>;

/** A dialogue stays open until the person has decided; an agent that cleans up after a crash takes its time. */
const LAUNCH_TIMEOUT_MS = 120_000;
const LOG_TAIL_BYTES = 4_096;

/**
 * Starts an agent in the background and waits until it serves: directly as root; else by sudo if it asks no question,
 * else by polkit's dialogue. `longshore-agent serve` itself goes to the background once it serves.
 */
export async function launchAgent(
  options: AgentProcessOptions,
  rights: Rights,
  mayAsk: boolean,
  execute: Execute = executeProgram,
): Promise<void> {
  await requireBinary(options.binary);
  const launches = launchesFor(options, rights, mayAsk);
  let stderr = '';
  for (const launch of launches) {
    const outcome = await execute(launch);
    if (outcome.started) return;
    stderr = outcome.stderr.trim();
  }
  throw rights.uid === 0 ? await agentFailed(options, stderr) : noRights(options, rights);
}

/** In the order in which they are tried. */
export function launchesFor(
  options: AgentProcessOptions,
  rights: Rights,
  mayAsk: boolean,
): readonly Launch[] {
  const args = serveArguments(options, rights);
  if (rights.uid === 0) return [{ program: options.binary, args }];
  const sudo = { program: 'sudo', args: ['-n', '--', options.binary, ...args] };
  const pkexec = { program: 'pkexec', args: [options.binary, ...args] };
  return mayAsk && rights.hasDisplay ? [sudo, pkexec] : [sudo];
}

/** What a person types to start the agent by hand. */
export function commandLine(options: AgentProcessOptions, rights: Rights): string {
  const words = ['sudo', options.binary, ...serveArguments(options, rights)];
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

function serveArguments({ dataDir, runDir }: AgentProcessOptions, { uid, gid }: Rights): readonly string[] {
  const owner = uid === 0 ? [] : ['--owner-uid', String(uid), '--owner-gid', String(gid)];
  return ['serve', '--data', dataDir, '--run', runDir, ...owner];
}

async function requireBinary(binary: string): Promise<void> {
  try {
    await access(binary, constants.X_OK);
  } catch (thrown) {
    throw new EngineError('unavailable', `The agent is not installed: ${binary} is missing.`, {
      detail: { step: 'agent', path: binary },
      hint: 'Install Longshore again; in a checkout, build it with npm run build.',
      cause: thrown,
    });
  }
}

/** The reason is in what it said before it went to the background, or else in its log. */
async function agentFailed({ dataDir }: AgentProcessOptions, stderr: string): Promise<EngineError> {
  const log = join(dataDir, 'agent', 'agent.log');
  const reason = lastLine(stderr) ?? lastLine(await tailOf(log)) ?? 'it said nothing';
  return new EngineError('unavailable', `The agent could not start: ${reason}`, {
    detail: { step: 'agent', path: log },
    hint: `Its log is ${log}.`,
  });
}

function noRights(options: AgentProcessOptions, rights: Rights): EngineError {
  return new EngineError('permission-denied', 'Longshore needs the rights of root to run containers.', {
    detail: { step: 'agent' },
    hint: `Start the agent yourself: ${commandLine(options, rights)}`,
  });
}

async function tailOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - LOG_TAIL_BYTES);
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(LOG_TAIL_BYTES),
        position: start,
      });
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    // Without a log there is nothing to quote.
    return '';
  }
}

function lastLine(text: string): string | undefined {
  const line = text.trim().split('\n').at(-1)?.trim();
  return line === '' ? undefined : line;
}

function executeProgram({ program, args }: Launch): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { timeout: LAUNCH_TIMEOUT_MS, maxBuffer: 1024 * 1024 };
    execFile(program, args, options, (error, _stdout, stderr) => {
      resolve({ started: error === null, stderr: stderr === '' ? (error?.message ?? '') : stderr });
    });
  });
}

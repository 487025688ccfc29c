import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RunningCommand } from '../../fixtures/cli.ts';
import { Disposals } from '../../fixtures/disposals.ts';
import { startDocker } from '../../fixtures/dockerd.ts';
import { serveEngineInNetwork } from '../../fixtures/engine.ts';
import { longshoreProgram } from '../../fixtures/paths.ts';
import { makePrivateNetwork, type PrivateNetwork } from '../../fixtures/private-network.ts';
import { ACCOUNT, GUARDED_REGISTRY, OPEN_REGISTRY, openHarbour, SEARCHED_REGISTRY } from './harbour.ts';
import { complaints, type Outcome, type Step } from './tour.ts';
import { writeTourFiles } from './tour-files.ts';

/** A step that waits for something is given up then. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 100;

export type EngineName = 'longshore' | 'dockerd';

/** An engine for docker(1), in a network of its own with registries in it, and a folder to type commands in. */
export interface TourEngine extends AsyncDisposable {
  readonly name: EngineName;
  /** Types a line, again and again if the step says so. */
  take(step: Step): Promise<Outcome>;
}

/** `apiVersion` is what docker(1) speaks; left out: the newest that both know. */
export async function startTourEngine(name: EngineName, apiVersion?: string): Promise<TourEngine> {
  const disposals = new Disposals();
  try {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-tour-'));
    disposals.defer(() => rm(folder, { recursive: true, force: true }));
    const network = disposals.add(await makePrivateNetwork());
    disposals.add(await openHarbour(network, path.join(folder, 'harbour')));
    const variables = await startEngine(name, network, disposals);
    const workDir = path.join(folder, 'work');
    await mkdir(workDir);
    await writeTourFiles(workDir);
    const env = {
      ...variables,
      ...(apiVersion !== undefined && { DOCKER_API_VERSION: apiVersion }),
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      DOCKER_CONFIG: path.join(folder, 'docker-config'),
      DOCKER_CLI_HINTS: 'false',
      DOCKER_BUILDKIT: '0',
      LC_ALL: 'C.UTF-8',
      TERM: 'xterm',
      OPEN: OPEN_REGISTRY,
      GUARDED: GUARDED_REGISTRY,
      INDEX: SEARCHED_REGISTRY,
      USERNAME: ACCOUNT.username,
      PASSWORD: ACCOUNT.password,
    };
    return {
      name,
      take: (step) => take(step, { network, workDir, env }),
      [Symbol.asyncDispose]: () => disposals[Symbol.asyncDispose](),
    };
  } catch (thrown) {
    await disposals[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** Its variables for the shell. */
async function startEngine(
  name: EngineName,
  network: PrivateNetwork,
  disposals: Disposals,
): Promise<Readonly<Record<string, string>>> {
  if (name === 'dockerd') return { DOCKER_HOST: disposals.add(await startDocker(network)).host };
  const { folders } = disposals.add(await serveEngineInNetwork(network));
  return {
    DOCKER_HOST: `unix://${folders.run}/docker.sock`,
    LONGSHORE: [process.execPath, longshoreProgram, ...folders.options].join(' '),
  };
}

async function take(step: Step, shell: Shell): Promise<Outcome> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const outcome = await typeLine(step, shell);
    if (step.eventually !== true || complaints(step, outcome).length === 0) return outcome;
    if (Date.now() > deadline) return outcome;
    await delay(PAUSE_MS);
  }
}

interface Shell {
  readonly network: PrivateNetwork;
  readonly workDir: string;
  readonly env: Readonly<Record<string, string>>;
}

async function typeLine({ line, types }: Step, { network, workDir, env }: Shell): Promise<Outcome> {
  const words = ['bash', '-c', line];
  const onTerminal = ['script', '--quiet', '--return', '--command', quoted(words), '/dev/null'];
  const shell = new RunningCommand(
    spawn(
      'nsenter',
      [
        `--net=${network.path}`,
        'timeout',
        '--foreground',
        '60',
        ...(types === undefined ? words : onTerminal),
      ],
      { cwd: workDir, env },
    ),
  );
  if (types === undefined) shell.child.stdin.end();
  let typed: readonly (readonly [RegExp, string])[] = types ?? [];
  const type = (): void => {
    const [[after, keys] = [/$^/, ''], ...rest] = typed;
    if (typed.length === 0 || !after.test(shell.stdout)) return;
    typed = rest;
    shell.child.stdin.write(keys);
  };
  shell.child.stdout.on('data', type);
  type();
  return shell.ended();
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

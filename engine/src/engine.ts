import { connectAgent } from './assembly/connect-agent.ts';
import { openNouns } from './assembly/nouns.ts';
import type { EngineOptions } from './assembly/options.ts';
import { openRegistryAccess } from './assembly/registry-access.ts';
import { systemClock } from './clock.ts';
import type { Containers } from './containers/index.ts';
import type { EngineHandlers } from './contract/index.ts';
import { DataLock } from './data-lock.ts';
import { Disposals } from './disposals.ts';
import { DockerTools } from './docker-tools/index.ts';
import { toEngineError } from './errors/index.ts';
import { EventBus } from './events/index.ts';
import { dockerConfigDir, dockerSocketPath } from './folders.ts';
import { openDataFolder } from './metadata/index.ts';
import { Registries } from './registries/index.ts';
import type { Agent } from './runtime/index.ts';
import { Storage, System, Tasks } from './system/index.ts';
import { VERSION } from './version.ts';

export type { ConnectedAgent, EngineOptions } from './assembly/options.ts';

export interface Engine extends AsyncDisposable {
  readonly handlers: EngineHandlers;
}

/** How long a caller waits for the agent before it gets an engine that is still looking for one. */
const SETTLE_MS = 3_000;

/**
 * Puts an engine together on a data folder, which is then its own: a second one fails with `conflict`. It is up even
 * when there is no agent; `system.info` says why. Disposing leaves agent and containers running.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const disposals = new Disposals();
  try {
    return await assemble(options, disposals);
  } catch (thrown) {
    await disposals[Symbol.asyncDispose]();
    throw thrown;
  }
}

async function assemble(options: EngineOptions, disposals: Disposals): Promise<Engine> {
  disposals.add(await DataLock.acquire(options.dataDir));
  const folder = await openDataFolder(options.dataDir);
  const connected = connectAgent(options, disposals);
  const { agent } = connected;
  const events = disposals.add(new EventBus({ clock: systemClock }));
  agent.onStateChange(() => events.publish({ type: 'engine', action: 'state' }));
  const tasks = new Tasks((id) => events.publish({ type: 'task', action: 'update', id }));
  const report = options.onProblem ?? writeProblem;
  const { registry, signIns, settings } = await openRegistryAccess(options, folder, report, disposals);
  const { images, containers, networks, volumes, builds } = await openNouns(
    { options, folder, connected, events, tasks, registry, signIns, report },
    disposals,
  );
  // Closed first: what is under way must not lose its footing.
  disposals.add(tasks);

  const system = new System({
    version: VERSION,
    engineId: folder.id,
    dataDir: options.dataDir,
    runDir: options.runDir,
    agent,
    tasks,
    counts: () => ({ ...containers.counts, images: images.count }),
    storage: new Storage({
      dataDir: options.dataDir,
      agent,
      nouns: { images: images.storage, containers, networks, volumes, buildCache: builds.storage },
    }).handlers,
  });
  await settled(agent, containers);
  return {
    handlers: {
      images,
      builds: builds.handlers,
      registries: new Registries({ registry, signIns, settings }).handlers,
      containers: containers.handlers,
      networks: networks.handlers,
      volumes: volumes.handlers,
      events: { watch: (query, { signal }) => events.watch(query, signal) },
      docker: dockerTools(options).handlers,
      system: system.handlers,
    },
    [Symbol.asyncDispose]: () => disposals[Symbol.asyncDispose](),
  };
}

function dockerTools({ runDir }: EngineOptions): DockerTools {
  const socketPath = dockerSocketPath(runDir);
  return new DockerTools({ configDir: dockerConfigDir(), socketPath, env: process.env });
}

/** Until what runs is known, or there is no agent to ask, or the patience is over. */
async function settled(agent: Agent, containers: Containers): Promise<void> {
  const noAgent = new Promise<void>((resolve) => {
    const look = (): void => {
      if (agent.state.status === 'unavailable') resolve();
    };
    agent.onStateChange(look);
    look();
  });
  await Promise.race([containers.reconciled, noAgent, systemClock.sleep(SETTLE_MS)]);
}

function writeProblem(problem: string, cause?: unknown): void {
  const reason = cause === undefined ? '' : ` ${toEngineError(cause).message}`;
  process.stderr.write(`longshore: ${problem}${reason}\n`);
}

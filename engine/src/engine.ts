import { hostname } from 'node:os';
import { join } from 'node:path';
import { AgentClient } from './agent-client/index.ts';
import type { Report } from './background.ts';
import { Builds, StepCache } from './builds/index.ts';
import { systemClock } from './clock.ts';
import {
  type ContainerRecord,
  containerRecordSchema,
  Containers,
  type HostTraits,
  maskedPaths,
} from './containers/index.ts';
import { ContentStore } from './content/index.ts';
import { DockerConfig, Keyring, PLAIN_VAULT, SignIns, type Vault } from './credentials/index.ts';
import type { EngineHandlers } from './contract/index.ts';
import { DataLock } from './data-lock.ts';
import { DockerTools } from './docker-tools/index.ts';
import { Disposals } from './disposals.ts';
import { toEngineError } from './errors/index.ts';
import { EventBus } from './events/index.ts';
import { certificateFolders, dockerConfigDir, dockerSocketPath } from './folders.ts';
import { Images } from './images/index.ts';
import { type NetworkRecord, networkRecordSchema, Networks } from './networks/index.ts';
import { type DataFolder, openDataFolder, RecordStore } from './metadata/index.ts';
import { normalizePlatform, parseDigest } from './oci/index.ts';
import { Registries, SettingsStore } from './registries/index.ts';
import { CertificateFolders, RegistryClient } from './registry/index.ts';
import type { Agent, BuildHost, ContainerFiles, NetworkHost, Runtime, VolumeStore } from './runtime/index.ts';
import type { Snapshotter } from './snapshots/index.ts';
import { Storage, System, Tasks } from './system/index.ts';
import type { Platform } from './types/index.ts';
import { VERSION } from './version.ts';
import { type VolumeRecord, volumeRecordSchema, Volumes } from './volumes/index.ts';

/** What the engine needs of the machine that runs the containers. */
export interface ConnectedAgent {
  readonly agent: Agent;
  readonly runtime: Runtime;
  readonly files: ContainerFiles;
  readonly networkHost: NetworkHost;
  readonly volumeStore: VolumeStore;
  readonly snapshotter: Snapshotter;
  readonly buildHost: BuildHost;
}

export interface EngineOptions {
  readonly dataDir: string;
  readonly runDir: string;
  /** The agent's program, which is found running or started; or parts that stand for it, in tests. */
  readonly agent: { readonly binary: string } | ConnectedAgent;
  /** Keeps registry passwords; left out: files that only this user can read. */
  readonly vault?: Vault;
  /** Hears what went wrong in the background, where nobody waits for an answer; else it goes to stderr. */
  readonly onProblem?: Report;
}

export interface Engine extends AsyncDisposable {
  readonly handlers: EngineHandlers;
}

/** How long a caller waits for the agent before it gets an engine that is still looking for one. */
const SETTLE_MS = 3_000;

/** Where Debian, Fedora and Alpine keep the static or only busybox. */
const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox', '/sbin/busybox'];

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
      nouns: { images: images.storage, containers, networks, volumes, buildCache: null },
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

interface Ground {
  readonly options: EngineOptions;
  readonly folder: DataFolder;
  readonly connected: ConnectedAgent;
  readonly events: EventBus;
  readonly tasks: Tasks;
  readonly registry: RegistryClient;
  readonly signIns: SignIns;
  readonly report: Report;
}

/** What speaks with registries, and who it is towards them. */
async function openRegistryAccess(
  { dataDir, vault }: EngineOptions,
  folder: DataFolder,
  report: Report,
  disposals: Disposals,
): Promise<{
  readonly registry: RegistryClient;
  readonly signIns: SignIns;
  readonly settings: SettingsStore;
}> {
  const trust = new CertificateFolders(certificateFolders(dataDir));
  const settings = await SettingsStore.open(folder.stateDirectory('registry-settings'));
  const registry = disposals.add(new RegistryClient({ clock: systemClock, trust, settings }));
  const keyring = await Keyring.open(folder.stateDirectory('sign-ins'), vault ?? PLAIN_VAULT);
  for (const { reason, path } of keyring.quarantined) {
    report(`The record of a sign-in is damaged (${reason}); it was put aside as ${path}.`);
  }
  for (const { reason, path } of settings.quarantined) {
    report(`The settings of registries are damaged (${reason}); they were put aside as ${path}.`);
  }
  return { registry, signIns: new SignIns(keyring, new DockerConfig(dockerConfigDir())), settings };
}

interface Nouns {
  readonly images: Images;
  readonly containers: Containers;
  readonly networks: Networks;
  readonly volumes: Volumes;
  readonly builds: Builds;
}

/** Images, networks, volumes and containers, which ask each other; nobody asks before all are here. */
async function openNouns(
  { options, folder, connected, events, tasks, registry, signIns, report }: Ground,
  disposals: Disposals,
): Promise<Nouns> {
  const { agent, runtime, files, networkHost, volumeStore, snapshotter } = connected;
  const cache = await StepCache.open(folder, systemClock);
  const images: Images = await Images.open({
    folder,
    content: await openContent(folder),
    registry,
    signIns,
    snapshotter,
    events,
    tasks,
    use: { usersOf: (imageId) => containers.usersOf(imageId) },
    heldLayers: () => cache.held().map(parseDigest),
    clock: systemClock,
    platform: machinePlatform(),
    starters: { agentBinary: 'binary' in options.agent ? options.agent.binary : '', busybox: BUSYBOX },
    report,
  });
  disposals.add(images);
  const networks: Networks = new Networks({
    records: await openNetworkRecords(folder, report),
    host: networkHost,
    agent,
    events,
    clock: systemClock,
    use: {
      usersOf: (network) => containers.networkUse.usersOf(network),
      connect: (container, request, signal) => containers.networkUse.connect(container, request, signal),
      disconnect: (container, id, signal) => containers.networkUse.disconnect(container, id, signal),
      find: (container) => containers.networkUse.find(container),
    },
    report,
  });
  disposals.add(networks);
  const volumes: Volumes = new Volumes({
    records: await openVolumeRecords(folder, report),
    store: volumeStore,
    files,
    events,
    tasks,
    clock: systemClock,
    use: { usersOf: (volume) => containers.volumeUse.usersOf(volume) },
    mountpointOf: (volume) => join(options.dataDir, 'agent', 'volumes', volume, '_data'),
    report,
  });
  disposals.add(volumes);
  const containers = new Containers({
    records: await openContainerRecords(folder, report),
    images,
    networks,
    networkHost,
    volumes,
    runtime,
    files,
    events,
    tasks,
    clock: systemClock,
    host: hostTraits(agent),
    report,
  });
  disposals.add(containers);
  const builds = disposals.add(
    await Builds.open({
      ...{ folder, events, clock: systemClock, report, images, runtime, files, networks, snapshotter, cache },
      host: connected.buildHost,
      volumes: volumeStore,
      machine: hostTraits(agent),
      platform: machinePlatform(),
      secretsDir: join(options.runDir, 'build-secrets'),
      temporaryDir: join(options.dataDir, 'engine', 'build-temporary'),
    }),
  );
  images.beginUpkeep((signal) => runtime.reachable(signal));
  volumes.beginUpkeep((signal) => runtime.reachable(signal));
  builds.beginUpkeep((signal) => runtime.reachable(signal));
  return { images, containers, networks, volumes, builds };
}

function machinePlatform(): Platform {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return normalizePlatform({ os: 'linux', architecture });
}

function connectAgent({ agent, dataDir, runDir }: EngineOptions, disposals: Disposals): ConnectedAgent {
  if (!('binary' in agent)) return agent;
  const options = { binary: agent.binary, dataDir, runDir, version: VERSION, clock: systemClock };
  const client = disposals.add(new AgentClient(options));
  const { runtime, files, networks: networkHost, volumes: volumeStore, snapshotter, builds } = client;
  return { agent: client, runtime, files, networkHost, volumeStore, snapshotter, buildHost: builds };
}

function openContent(folder: DataFolder): Promise<ContentStore> {
  return ContentStore.open({
    directory: folder.contentDirectory,
    ingestDirectory: folder.ingestDirectory,
    clock: systemClock,
  });
}

async function openContainerRecords(
  folder: DataFolder,
  report: Report,
): Promise<RecordStore<ContainerRecord>> {
  const directory = folder.stateDirectory('containers');
  const records = await RecordStore.open({ directory, schema: containerRecordSchema });
  for (const { id, reason, path } of records.quarantined) {
    report(`The record of container ${id} is damaged (${reason}); it was put aside as ${path}.`);
  }
  return records;
}

async function openNetworkRecords(folder: DataFolder, report: Report): Promise<RecordStore<NetworkRecord>> {
  const directory = folder.stateDirectory('networks');
  const records = await RecordStore.open({ directory, schema: networkRecordSchema });
  for (const { id, reason, path } of records.quarantined) {
    report(`The record of network ${id} is damaged (${reason}); it was put aside as ${path}.`);
  }
  return records;
}

async function openVolumeRecords(folder: DataFolder, report: Report): Promise<RecordStore<VolumeRecord>> {
  const directory = folder.stateDirectory('volumes');
  const records = await RecordStore.open({ directory, schema: volumeRecordSchema });
  for (const { id, reason, path } of records.quarantined) {
    report(`The record of volume ${id} is damaged (${reason}); it was put aside as ${path}.`);
  }
  return records;
}

function hostTraits(agent: Agent): () => HostTraits {
  const masked = maskedPaths();
  return () => ({
    swapAccounting: agent.swapAccounting,
    maskedPaths: masked,
    architecture: agent.host?.architecture ?? machinePlatform().architecture,
    kernelVersion: agent.host?.kernelVersion ?? '',
    hostname: hostname(),
  });
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

import { join } from 'node:path';
import type { Report } from '../background.ts';
import { Builds, StepCache } from '../builds/index.ts';
import { systemClock } from '../clock.ts';
import { containerRecordSchema, Containers } from '../containers/index.ts';
import { ContentStore } from '../content/index.ts';
import type { SignIns } from '../credentials/index.ts';
import type { Disposals } from '../disposals.ts';
import type { EventBus } from '../events/index.ts';
import { Images } from '../images/index.ts';
import type { DataFolder } from '../metadata/index.ts';
import { networkRecordSchema, Networks } from '../networks/index.ts';
import { parseDigest } from '../oci/index.ts';
import type { RegistryClient } from '../registry/index.ts';
import type { Tasks } from '../system/index.ts';
import { volumeRecordSchema, Volumes } from '../volumes/index.ts';
import { hostTraits, machinePlatform } from './machine.ts';
import type { ConnectedAgent, EngineOptions } from './options.ts';
import { openRecords } from './records.ts';

/** Where Debian, Fedora and Alpine keep the static or only busybox. */
const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox', '/sbin/busybox'];

/** What every noun stands on. */
export interface Ground {
  readonly options: EngineOptions;
  readonly folder: DataFolder;
  readonly connected: ConnectedAgent;
  readonly events: EventBus;
  readonly tasks: Tasks;
  readonly registry: RegistryClient;
  readonly signIns: SignIns;
  readonly report: Report;
}

export interface Nouns {
  readonly images: Images;
  readonly containers: Containers;
  readonly networks: Networks;
  readonly volumes: Volumes;
  readonly builds: Builds;
}

/** Images, networks, volumes and containers, which ask each other; nobody asks before all are here. */
export async function openNouns(
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
    records: await openRecords(folder, 'network', networkRecordSchema, report),
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
    records: await openRecords(folder, 'volume', volumeRecordSchema, report),
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
    records: await openRecords(folder, 'container', containerRecordSchema, report),
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

function openContent(folder: DataFolder): Promise<ContentStore> {
  return ContentStore.open({
    directory: folder.contentDirectory,
    ingestDirectory: folder.ingestDirectory,
    clock: systemClock,
  });
}

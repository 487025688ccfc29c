import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ContainerImage,
  type ContainerRecord,
  containerRecordSchema,
  Containers,
  type HostTraits,
} from '../../containers/index.ts';
import { type ContainerRequest, type ContainerRequestInput, containerRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { CommitOrder } from '../../images/index.ts';
import { EventBus, type NewEvent } from '../../events/index.ts';
import { RecordStore } from '../../metadata/index.ts';
import { type NetworkRecord, networkRecordSchema, Networks } from '../../networks/index.ts';
import { Tasks } from '../../system/index.ts';
import type { ContainerEvent, NetworkEvent, VolumeEvent } from '../../types/index.ts';
import { type VolumeRecord, volumeRecordSchema, Volumes } from '../../volumes/index.ts';
import { FakeVolumeStore } from '../volumes/index.ts';
import { FakeAgent } from './fake-agent.ts';
import type { FakeFiles } from './fake-files.ts';
import { FakeRuntime } from './fake-runtime.ts';
import { imageConfig } from './sample-image.ts';

export const SAMPLE_HOST: HostTraits = {
  swapAccounting: true,
  maskedPaths: [],
  architecture: 'amd64',
  kernelVersion: '6.1.0',
  hostname: 'machine',
};

export const SAMPLE_IMAGE: ContainerImage = {
  id: `sha256:${'1'.repeat(64)}`,
  reference: 'busybox:latest',
  platform: 'linux/amd64',
  chainIds: [`sha256:${'2'.repeat(64)}`],
  config: imageConfig({ env: ['PATH=/bin'], command: ['sh'] }),
};

interface BenchRecords {
  readonly records: RecordStore<ContainerRecord>;
  readonly networks: RecordStore<NetworkRecord>;
  readonly volumes: RecordStore<VolumeRecord>;
}

/**
 * Containers on a runtime in memory, whose clock is theirs, and records on a real disk. `restartEngine` is a new engine on the same records
 * and the same runtime.
 */
export class ContainersBench implements AsyncDisposable {
  readonly runtime: FakeRuntime;
  readonly records: RecordStore<ContainerRecord>;
  readonly volumeStore: FakeVolumeStore;
  readonly files: FakeFiles;
  readonly volumes: Volumes;
  readonly agent = new FakeAgent();
  readonly networks: Networks;
  readonly events: EventBus;
  readonly tasks: Tasks;
  readonly containers: Containers;
  readonly reports: string[];
  /** Image ids of removed containers. */
  readonly released: string[] = [];
  /** What images were asked to be made of. */
  readonly commits: { readonly order: CommitOrder; readonly layer: Buffer }[] = [];
  private readonly directory: string;
  private readonly seen: ContainerEvent[] = [];
  /** What the networks published so far, in order. */
  readonly networkEvents: NetworkEvent[] = [];

  /** What the volumes published so far, in order. */
  readonly volumeEvents: VolumeEvent[] = [];
  /** The one that there is. */
  image: ContainerImage = SAMPLE_IMAGE;

  static async open(
    directory?: string,
    runtime = new FakeRuntime(),
    volumeStore = new FakeVolumeStore(runtime.clock),
  ): Promise<ContainersBench> {
    const place = directory ?? (await mkdtemp(join(tmpdir(), 'longshore-containers-')));
    const records = await RecordStore.open({ directory: place, schema: containerRecordSchema });
    const networks = await RecordStore.open({
      directory: join(place, 'networks'),
      schema: networkRecordSchema,
    });
    const volumes = await RecordStore.open({ directory: join(place, 'volumes'), schema: volumeRecordSchema });
    return new ContainersBench(place, { runtime, volumeStore }, { records, networks, volumes });
  }

  private constructor(
    directory: string,
    { runtime, volumeStore }: { readonly runtime: FakeRuntime; readonly volumeStore: FakeVolumeStore },
    { records, networks, volumes }: BenchRecords,
  ) {
    this.directory = directory;
    this.runtime = runtime;
    this.volumeStore = volumeStore;
    this.files = volumeStore.files;
    this.records = records;
    this.events = new EventBus({ clock: runtime.clock });
    this.tasks = new Tasks(() => undefined);
    this.reports = [];
    const events = {
      publish: (event: NewEvent): void => {
        const stamped = this.events.publish(event);
        if (stamped.type === 'container') this.seen.push(stamped);
        if (stamped.type === 'network') this.networkEvents.push(stamped);
        if (stamped.type === 'volume') this.volumeEvents.push(stamped);
      },
    };
    const report = (problem: string): void => void this.reports.push(problem);
    this.networks = new Networks({
      records: networks,
      host: runtime.networks,
      agent: this.agent,
      events,
      clock: runtime.clock,
      use: {
        usersOf: (network) => this.containers.networkUse.usersOf(network),
        connect: (container, asked, signal) => this.containers.networkUse.connect(container, asked, signal),
        disconnect: (container, id, signal) => this.containers.networkUse.disconnect(container, id, signal),
        find: (container) => this.containers.networkUse.find(container),
      },
      report,
    });
    this.volumes = new Volumes({
      records: volumes,
      store: volumeStore,
      files: this.files,
      events,
      tasks: this.tasks,
      clock: runtime.clock,
      use: { usersOf: (volume) => this.containers.volumeUse.usersOf(volume) },
      mountpointOf: (volume) => `/volumes/${volume}/_data`,
      report,
    });
    this.containers = new Containers({
      records,
      runtime,
      files: this.files,
      networks: this.networks,
      networkHost: runtime.networks,
      volumes: this.volumes,
      events,
      tasks: this.tasks,
      clock: runtime.clock,
      images: {
        resolve: async (image, claim) => {
          if (image !== this.image.reference) throw new EngineError('not-found', `No such image: ${image}`);
          claim(this.image.id);
          return this.image;
        },
        commit: async (order) => {
          const pieces: Uint8Array[] = [];
          for await (const piece of order.layer) pieces.push(piece);
          this.commits.push({ order, layer: Buffer.concat(pieces) });
          return { id: `sha256:${'3'.repeat(64)}`, reference: order.reference };
        },
        released: (imageId) => void this.released.push(imageId),
      },
      host: () => SAMPLE_HOST,
      report,
    });
  }

  get handlers(): Containers['handlers'] {
    return this.containers.handlers;
  }

  /** Actions of one container so far, in order. */
  actions(id: string): readonly string[] {
    return this.eventsOf(id).map(({ action }) => action);
  }

  eventsOf(id: string): readonly ContainerEvent[] {
    return this.seen.filter((event) => event.id === id);
  }

  /** Resolves once the event has been published so many times, now or earlier. */
  async sawEvent(id: string, action: ContainerEvent['action'], times = 1): Promise<void> {
    let missing = times;
    for await (const event of this.events.watch({ types: ['container'], since: 0 })) {
      if (event.type === 'container' && event.id === id && event.action === action) missing -= 1;
      if (missing === 0) return;
    }
  }

  async restartEngine(): Promise<ContainersBench> {
    await this.close();
    return ContainersBench.open(this.directory, this.runtime, this.volumeStore);
  }

  async close(): Promise<void> {
    await this.tasks[Symbol.asyncDispose]();
    await this.containers[Symbol.asyncDispose]();
    await this.networks[Symbol.asyncDispose]();
    await this.volumes[Symbol.asyncDispose]();
    this.events[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

export function request(
  command: readonly string[],
  more: Partial<ContainerRequestInput> = {},
): ContainerRequest {
  return containerRequest.parse({ image: SAMPLE_IMAGE.reference, command: [...command], ...more });
}

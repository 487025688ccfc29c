import { Background } from '../background.ts';
import { EngineError } from '../errors/index.ts';
import { KeyedMutex } from '../keyed-mutex.ts';
import type { PrunableItem, Volume, VolumeUsage } from '../types/index.ts';
import { Creation } from './creation.ts';
import type { InputOf, VolumeHandlers } from './handler-input.ts';
import type { Parts, VolumesOptions } from './parts.ts';
import type { VolumeRecord } from './record.ts';
import { reconcile } from './reconciling.ts';
import { noSuchVolume } from './refused.ts';
import { Removal } from './removal.ts';
import { Transfers } from './transfers.ts';
import { Trash } from './trash.ts';
import { VolumeFiles } from './volume-files.ts';
import { listVolumes } from './volume-list.ts';
import type { VolumeOrder, VolumeSource } from './volume-source.ts';
import { volumeOf } from './volume-view.ts';

/** How often the trash is looked through for what is too old. */
const TRASH_ROUND_MS = 60 * 60 * 1000;

/**
 * All volumes of the engine. Their data is kept by the agent; who has them, the containers know. Changes of one volume
 * happen one after the other; volumes do not wait for each other.
 */
export class Volumes implements VolumeSource, AsyncDisposable {
  private readonly parts: Parts;
  private readonly creation: Creation;
  private readonly removal: Removal;
  private readonly transfers: Transfers;
  private readonly trash: Trash;
  private readonly files: VolumeFiles;
  private readonly closing = new AbortController();

  constructor(options: VolumesOptions) {
    this.parts = { ...options, mutex: new KeyedMutex(), background: new Background(options.report) };
    this.creation = new Creation(this.parts);
    this.removal = new Removal(this.parts);
    this.transfers = new Transfers(this.parts, this.creation);
    this.trash = new Trash(this.parts);
    this.files = new VolumeFiles(this.parts);
  }

  readonly handlers: VolumeHandlers = {
    list: async ({ filters }) => listVolumes(this.parts, filters),
    inspect: async ({ volume }) => this.view(this.find(volume)),
    create: async (request, { signal }) => this.view(await this.creation.create(request, signal)),
    remove: async (input, { signal }) => {
      const removed = await this.removal.remove(input, signal);
      this.boundTrash();
      return removed;
    },
    prune: (filters, { signal }) => this.removal.prune(filters, signal),
    clone: async (input) => this.view(await this.transfers.clone(input)),
    empty: async (input, { signal }) => {
      const emptied = await this.removal.empty(input, signal);
      this.boundTrash();
      return emptied;
    },
    export: (input, { signal }) => this.transfers.export(input, signal),
    import: (input, up, { signal }) => this.transfers.import(input, up, signal),
    usage: (input, { signal }) => this.usage(input, signal),
    trash: (_input, { signal }) => this.trash.list(signal),
    restore: async (input, { signal }) => this.view(await this.trash.restore(input, signal)),
    purge: (input, { signal }) => this.trash.purge(input, signal),
    statPath: (input, { signal }) => this.files.stat(input, signal),
    listDirectory: (input, { signal }) => this.files.list(input, signal),
    readArchive: (input, { signal }) => this.files.read(input, signal),
    writeArchive: (input, up, { signal }) => this.files.write(input, up, signal),
    removePath: (input, { signal }) => this.files.remove(input, signal),
    makeDirectory: (input, { signal }) => this.files.makeDirectory(input, signal),
    renamePath: (input, { signal }) => this.files.rename(input, signal),
  };

  /** What `prune` would remove if these containers were gone, as things are. */
  prunable(
    filters: InputOf<'prune'>,
    without: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<readonly PrunableItem[]> {
    return this.removal.prunable(filters, without, signal);
  }

  async ensure(order: VolumeOrder, signal?: AbortSignal): Promise<void> {
    await this.creation.ensure(order, signal);
  }

  async fill(
    volume: string,
    { chainIds, path }: { readonly chainIds: readonly string[]; readonly path: string },
    signal?: AbortSignal,
  ): Promise<void> {
    await this.parts.store.copyUp(volume, chainIds, path, { signal });
  }

  async discard(volumes: readonly string[]): Promise<void> {
    for (const volume of volumes) await this.removal.removeUnused(volume);
  }

  /** Once, when `ready` resolves: records and data are brought together; then the trash is kept within its bounds. */
  beginUpkeep(ready: (signal: AbortSignal) => Promise<void>): void {
    const upkeep = async (signal: AbortSignal): Promise<void> => {
      await ready(signal);
      await reconcile(this.parts, signal);
      for (;;) {
        await this.trash.keepBounds(signal);
        await this.parts.clock.sleep(TRASH_ROUND_MS, signal);
      }
    };
    this.inBackground('The volumes could not be looked after.', upkeep);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort(new EngineError('cancelled', 'The engine is closing.'));
    await this.parts.background[Symbol.asyncDispose]();
  }

  /** After something has gone into it. */
  private boundTrash(): void {
    this.inBackground('The trash of the volumes could not be bounded.', (signal) =>
      this.trash.keepBounds(signal),
    );
  }

  private inBackground(problem: string, work: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.closing;
    const quiet = work(signal).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
    this.parts.background.add(problem, quiet);
  }

  private view(record: VolumeRecord): Volume {
    return volumeOf(this.parts, record);
  }

  private find(volume: string): VolumeRecord {
    const record = this.parts.records.get(volume);
    if (record === undefined) throw noSuchVolume(volume);
    return record;
  }

  /** Names are looked up with the call, so that a wrong one fails at once. */
  private usage({ volumes }: InputOf<'usage'>, signal: AbortSignal): AsyncIterable<VolumeUsage> {
    for (const volume of volumes) this.find(volume);
    return this.parts.store.usage(volumes, { signal });
  }
}

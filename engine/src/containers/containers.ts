import { Background } from '../background.ts';
import { EngineError, isEngineError } from '../errors/index.ts';
import type { ImageUse, ImageUser } from '../images/index.ts';
import type { NetworkUse } from '../networks/index.ts';
import type { VolumeUse } from '../volumes/index.ts';
import type { CommittedImage, PrunableItem, StatsBatch } from '../types/index.ts';
import { Container } from './container.ts';
import { ContainerTable } from './container-table.ts';
import { detailsOf, summaryOf } from './container-view.ts';
import { Creation } from './creation.ts';
import { Commits } from './files/commits.ts';
import { Files } from './files/files.ts';
import type { ContainerHandlers, InputOf } from './handler-input.ts';
import { HealthChecks } from './health/index.ts';
import { KeyedMutex } from '../keyed-mutex.ts';
import { Lifecycle } from './lifecycle.ts';
import { listContainers } from './listing/listing.ts';
import { NetworkUsers } from './networking/network-users.ts';
import { Observer } from './observer.ts';
import { Operations } from './operations.ts';
import type { ContainersOptions, Parts } from './parts.ts';
import { Removal } from './removal.ts';
import { Restarts } from './restarts/index.ts';
import { Sessions } from './sessions.ts';
import { StatsFeed } from './stats/index.ts';
import { volumeUser } from './volumes.ts';
import { waitFor } from './waiting.ts';

/**
 * All containers of the engine. Reading (`list`, `inspect`, `wait`, `logs`) never waits for an operation; changing
 * operations of one container happen one after the other; containers do not wait for each other.
 */
export class Containers implements ImageUse, AsyncDisposable {
  private readonly parts: Parts;
  private readonly creation: Creation;
  private readonly restarts: Restarts;
  private readonly health: HealthChecks;
  private readonly operations: Operations;
  private readonly sessions: Sessions;
  private readonly stats: StatsFeed;
  private readonly files: Files;
  private readonly commits: Commits;
  private readonly observer: Observer;
  /** The containers as their networks see them. */
  readonly networkUse: NetworkUse;
  private readonly closing = new AbortController();
  private readonly observing: Promise<void>;

  constructor(options: ContainersOptions) {
    this.parts = {
      ...options,
      table: new ContainerTable((container) => this.health.watch(container)),
      mutex: new KeyedMutex(),
      background: new Background(options.report),
    };
    this.health = new HealthChecks(this.parts);
    for (const record of options.records.all()) this.adopt(new Container(record));
    this.creation = new Creation(this.parts);
    this.restarts = new Restarts(this.parts, (container, signal) => lifecycle.startAgain(container, signal));
    const lifecycle = new Lifecycle(this.parts, this.restarts);
    const removal = new Removal(this.parts, lifecycle, this.restarts);
    const { creation, restarts, health } = this;
    this.operations = new Operations(this.parts, { creation, lifecycle, removal, restarts });
    this.sessions = new Sessions(this.parts);
    this.networkUse = new NetworkUsers(this.parts);
    this.stats = new StatsFeed(this.parts);
    this.files = new Files(this.parts);
    this.commits = new Commits(this.parts);
    this.observer = new Observer(this.parts, { removal, restarts, health });
    this.observing = this.observer.run(this.closing.signal);
  }

  /** Resolves when the runtime has been asked what runs, for the first time. */
  get reconciled(): Promise<void> {
    return this.observer.reconciled;
  }

  get counts(): { readonly containers: number; readonly running: number } {
    const all = this.parts.table.all();
    return { containers: all.length, running: all.filter(({ running }) => running).length };
  }

  readonly handlers: ContainerHandlers = {
    list: async (input) => (await listContainers(this.parts, input)).map(summaryOf),
    inspectAll: async (input) => (await listContainers(this.parts, input)).map(detailsOf),
    inspect: async ({ container }) => detailsOf(this.find(container)),
    create: async (request, { signal }) => detailsOf(await this.creation.create(request, signal)),
    run: (request, { signal }) => this.operations.run(request, signal),
    start: ({ container }, { signal }) => this.operations.start(this.find(container), signal),
    stop: (input) => this.operations.stop(this.find(input.container), input),
    kill: (input) => this.operations.kill(this.find(input.container), input.signal),
    restart: (input) => this.operations.restart(this.find(input.container), input),
    pause: ({ container }, { signal }) => this.operations.pause(this.find(container), signal),
    unpause: ({ container }, { signal }) => this.operations.unpause(this.find(container), signal),
    update: (input, { signal }) => this.operations.update(this.find(input.container), input, signal),
    remove: ({ container, ...options }, { signal }) =>
      this.operations.remove(this.find(container), options, signal),
    rename: ({ container, name }, { signal }) => this.operations.rename(this.find(container), name, signal),
    prune: (filters, { signal }) => this.operations.prune(filters, signal),
    wait: async ({ container, condition }, { signal }) => waitFor(this.find(container), condition, signal),
    logs: (input, { signal }) => this.sessions.logs(this.find(input.container), input, signal),
    attach: (input, up, { signal }) => this.sessions.attach(this.find(input.container), input, up, signal),
    resize: async ({ container, size }, { signal }) =>
      this.sessions.resize(this.find(container), size, signal),
    exec: (input, up, { signal }) => this.sessions.exec(this.find(input.container), input, up, signal),
    processes: ({ container }, { signal }) => this.sessions.processes(this.find(container), signal),
    stats: (input, { signal }) => this.readStats(input.containers, signal),
    changes: ({ container }, { signal }) => this.files.changes(this.find(container), signal),
    statPath: async ({ container, path }, { signal }) => this.files.stat(this.find(container), path, signal),
    readArchive: ({ container, path }, { signal }) => this.files.read(this.find(container), path, signal),
    writeArchive: (input, up, { signal }) => this.files.write(this.find(input.container), input, up, signal),
    listDirectory: ({ container, path }, { signal }) => this.files.list(this.find(container), path, signal),
    removePath: async (input, { signal }) => this.files.remove(this.find(input.container), input, signal),
    makeDirectory: async (input, { signal }) =>
      this.files.makeDirectory(this.find(input.container), input, signal),
    renamePath: async (input, { signal }) => this.files.rename(this.find(input.container), input, signal),
    usage: ({ containers }, { signal }) =>
      this.files.usage(
        containers.map((each) => this.find(each)),
        signal,
      ),
    export: ({ container }, { signal }) => this.files.export(this.find(container), signal),
    commit: async (input) => this.commit(input),
  };

  /** What `prune` would remove, as things are. */
  prunable(filters: InputOf<'prune'>, signal: AbortSignal): Promise<readonly PrunableItem[]> {
    return this.operations.prunable(filters, signal);
  }

  usersOf(imageId: string): readonly ImageUser[] {
    const made = this.parts.table
      .all()
      .filter(({ record }) => record.image.id === imageId)
      .map(({ id, name, running }) => ({ id, name, running }));
    return [...made, ...this.creation.usersOf(imageId).map((user) => ({ ...user, running: false }))];
  }

  /** The containers as their volumes see them; one that takes its volumes with it is none of their users any more. */
  readonly volumeUse: VolumeUse = {
    usersOf: (volume) => [
      ...this.parts.table
        .all()
        .filter(({ record }) => !record.removingVolumes)
        .flatMap((container) => volumeUser(container, container.record.spec.mounts, volume) ?? [])
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ...this.creation.volumeUsers(volume),
    ],
  };

  /** Containers run on; operations under way end with the runtime's answer. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort(new EngineError('cancelled', 'The engine is closing.'));
    await this.observing;
    for (const part of [this.restarts, this.health, this.stats]) part[Symbol.dispose]();
    await this.parts.background[Symbol.asyncDispose]();
  }

  /** Names are looked up with the call, so that a wrong one fails at once. */
  private readStats(names: readonly string[], signal: AbortSignal): AsyncIterable<StatsBatch> {
    const ids = names.length === 0 ? null : names.map((name) => this.find(name).id);
    return this.stats.read(ids, signal);
  }

  private find(idOrName: string): Container {
    return this.parts.table.find(idOrName);
  }

  /** Goes on when its caller leaves: only cancelling the task ends it. */
  private commit(input: InputOf<'commit'>): Promise<CommittedImage> {
    const found = this.find(input.container);
    return this.parts.tasks.run('container-commit', found.name, ({ signal }) =>
      this.commits.commit(found, input, signal),
    );
  }

  private adopt(container: Container): void {
    try {
      this.parts.table.add(container);
    } catch (thrown) {
      if (!isEngineError(thrown, 'already-exists')) throw thrown;
      this.adoptUnderOtherName(container);
    }
  }

  /** Two records of one name, in a state folder that was edited by hand: the later gets its id behind the name. */
  private adoptUnderOtherName(container: Container): void {
    const name = `${container.name}_${container.id.slice(0, 12)}`;
    container.setRecord({ ...container.record, name });
    this.parts.table.add(container);
  }
}

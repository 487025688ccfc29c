import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { ContentStore } from '../../content/index.ts';
import { EventBus } from '../../events/index.ts';
import { Images, type ImageUser, type Tasks } from '../../images/index.ts';
import { type DataFolder, openDataFolder } from '../../metadata/index.ts';
import { type Credentials, RegistryClient } from '../../registry/index.ts';
import type { Snapshotter } from '../../snapshots/index.ts';
import type { PullProgress } from '../../types/index.ts';
import { HastyClock } from '../clock/manual-clock.ts';
import { MemorySnapshotter } from '../snapshotter/memory-snapshotter.ts';

export interface ImagesBenchOptions<S extends Snapshotter> {
  readonly snapshotter?: S;
  readonly clock?: Clock;
  /** Stays its maker's; left out: one of the bench's own. */
  readonly registry?: RegistryClient;
  readonly agentBinary?: string;
  readonly busybox?: readonly string[];
}

/** Images over a real content store and registry client in a folder of its own; only what a test says is a fake. */
export class ImagesBench<S extends Snapshotter = MemorySnapshotter> implements AsyncDisposable {
  readonly directory: string;
  readonly snapshotter: S;
  /** Containers by image id. */
  readonly users = new Map<string, ImageUser[]>();
  /** By registry. */
  readonly signIns = new Map<string, Credentials>();
  /** Problems that were reported. */
  readonly reports: string[] = [];
  /** Fires when a task is cancelled. */
  taskAbort = new AbortController();
  readonly tasks: Tasks = {
    run: (_kind, _subject, work) =>
      work({ id: 'task', signal: this.taskAbort.signal, report: () => undefined }),
  };
  private readonly options: ImagesBenchOptions<S>;
  private registry: RegistryClient;
  folder!: DataFolder;
  content!: ContentStore;
  events!: EventBus;
  private opened: Images | null = null;

  static async open<S extends Snapshotter>(
    options: ImagesBenchOptions<S> & { readonly snapshotter: S },
  ): Promise<ImagesBench<S>>;
  static async open(options?: ImagesBenchOptions<MemorySnapshotter>): Promise<ImagesBench>;
  static async open(options: ImagesBenchOptions<Snapshotter> = {}): Promise<ImagesBench<Snapshotter>> {
    const directory = await mkdtemp(join(tmpdir(), 'longshore-images-'));
    const bench = new ImagesBench(directory, options, options.snapshotter ?? new MemorySnapshotter());
    await bench.restart();
    return bench;
  }

  private constructor(directory: string, options: ImagesBenchOptions<S>, snapshotter: S) {
    this.directory = directory;
    this.options = options;
    this.snapshotter = snapshotter;
    this.registry = this.newRegistry();
  }

  get images(): Images {
    if (this.opened === null) throw new Error('The images are not open.');
    return this.opened;
  }

  /** A new engine on the same data, as after a crash. */
  async restart(): Promise<void> {
    const { clock } = this;
    await this.close();
    this.registry = this.newRegistry();
    this.folder = await openDataFolder(this.directory);
    this.content = await ContentStore.open({
      directory: this.folder.contentDirectory,
      ingestDirectory: this.folder.ingestDirectory,
      clock,
    });
    this.events = new EventBus({ clock });
    this.opened = await Images.open({
      folder: this.folder,
      content: this.content,
      registry: this.registry,
      signIns: { find: (registry) => Promise.resolve(this.signIns.get(registry) ?? null) },
      snapshotter: this.snapshotter,
      events: this.events,
      tasks: this.tasks,
      use: { usersOf: (imageId) => this.users.get(imageId) ?? [] },
      clock,
      platform: { os: 'linux', architecture: 'amd64' },
      starters: {
        agentBinary: this.options.agentBinary ?? '/nonexistent/agent',
        busybox: this.options.busybox ?? ['/bin/busybox', '/usr/bin/busybox'],
      },
      report: (problem) => void this.reports.push(problem),
    });
  }

  /** Pulls to the end; answers with all progress. */
  async pull(
    reference: string,
    options: {
      readonly signal?: AbortSignal;
      readonly background?: boolean;
      readonly credentials?: { readonly username: string; readonly password: string };
      readonly platform?: { readonly os: string; readonly architecture: string };
      readonly onProgress?: (progress: PullProgress) => void;
    } = {},
  ): Promise<readonly PullProgress[]> {
    const { signal, background = false, credentials, platform, onProgress } = options;
    const all: PullProgress[] = [];
    const request = { reference, insecure: false, background, credentials, platform };
    for await (const progress of this.images.pull(request, {
      signal: signal ?? new AbortController().signal,
    })) {
      all.push(progress);
      onProgress?.(progress);
    }
    return all;
  }

  /** As the engine does when it ends; the data stays. */
  async close(): Promise<void> {
    await this.opened?.[Symbol.asyncDispose]();
    if (this.registry !== this.options.registry) await this.registry[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  private newRegistry(): RegistryClient {
    return this.options.registry ?? new RegistryClient({ clock: this.clock });
  }

  private get clock(): Clock {
    return this.options.clock ?? new HastyClock();
  }
}

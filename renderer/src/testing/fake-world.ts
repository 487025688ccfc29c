import { EngineError } from '@longshore/engine/errors';
import type {
  AgentState,
  ContainerAction,
  ContainerDetails,
  ContainerState,
  EngineEvent,
  ImageSummary,
  NetworkSummary,
  RegistrySignIn,
  Task,
  TrashedVolume,
  Volume,
} from '@longshore/engine/types';
import { placed } from './fake-container.ts';
import { believableContainers, believableImages } from './fake-data.ts';
import type { FakeFiles } from './fake-files.ts';
import { believableHistory } from './fake-history.ts';
import { believableNetworks } from './fake-network-parts.ts';
import { containerTree, volumeTree } from './fake-trees.ts';
import { believableVolumes } from './fake-volume-parts.ts';
import { Gate } from './gate.ts';

type NewEvent = EngineEvent extends infer E ? (E extends EngineEvent ? Omit<E, 'seq' | 'at'> : never) : never;

export interface FakeWorldOptions {
  readonly containers?: readonly ContainerDetails[];
  readonly images?: readonly ImageSummary[];
  readonly networks?: readonly NetworkSummary[];
  readonly volumes?: readonly Volume[];
  readonly agent?: AgentState;
  /** How fast time goes in pulls and logs; 0 in tests, where nothing waits. */
  readonly pace?: number;
}

/** What a fake engine knows, and who listens to it. */
export class FakeWorld {
  readonly containers = new Map<string, ContainerDetails>();
  readonly images = new Map<string, ImageSummary>();
  readonly networks = new Map<string, NetworkSummary>();
  readonly volumes = new Map<string, Volume>();
  readonly trash = new Map<string, { readonly entry: TrashedVolume; readonly files: FakeFiles }>();
  /** Of containers by id and of volumes by name; made when they are first looked at. */
  private readonly files = new Map<string, FakeFiles>();
  /** By registry. */
  readonly signIns = new Map<string, RegistrySignIn>();
  readonly tasks = new Map<string, Task>();
  readonly cancelled = new Set<string>();
  readonly pace: number;
  /** Registries answer while it is open. */
  readonly registry = new Gate();
  agent: AgentState;
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  /** All events, oldest first. */
  readonly history: EngineEvent[];
  private seq: number;

  constructor(options: FakeWorldOptions = {}) {
    for (const container of options.containers ?? believableContainers())
      this.containers.set(container.id, container);
    for (const image of options.images ?? believableImages()) this.images.set(image.id, image);
    for (const network of options.networks ?? believableNetworks()) this.networks.set(network.id, network);
    for (const volume of options.volumes ?? believableVolumes()) this.volumes.set(volume.name, volume);
    this.history = believableHistory(this);
    this.seq = this.history.length;
    this.agent = options.agent ?? { status: 'running', pid: 812, version: '0.1.0' };
    this.pace = options.pace ?? 1;
  }

  container(name: string): ContainerDetails {
    const found = [...this.containers.values()].find(
      (each) => each.name === name || each.id.startsWith(name),
    );
    if (found === undefined) {
      throw new EngineError('not-found', `There is no container "${name}".`, { detail: { path: name } });
    }
    return found;
  }

  image(name: string): ImageSummary {
    const found = [...this.images.values()].find(
      (each) =>
        each.references.includes(name) ||
        each.references.includes(`${name}:latest`) ||
        each.id.includes(name),
    );
    if (found === undefined) {
      throw new EngineError('not-found', `There is no image "${name}" on this machine.`, {
        detail: { path: name },
        hint: `Pull it first: longshore pull ${name}`,
      });
    }
    return found;
  }

  network(name: string): NetworkSummary {
    const found = [...this.networks.values()].find((each) => each.name === name || each.id.startsWith(name));
    if (found === undefined) throw new EngineError('not-found', `There is no network "${name}".`);
    return found;
  }

  volume(name: string): Volume {
    const found = this.volumes.get(name);
    if (found === undefined) throw new EngineError('not-found', `There is no volume "${name}".`);
    return found;
  }

  filesOf(kind: 'container' | 'volume', name: string): FakeFiles {
    const key = `${kind} ${name}`;
    const known = this.files.get(key);
    if (known !== undefined) return known;
    const made = kind === 'container' ? containerTree(this.container(name)) : volumeTree(name);
    this.files.set(key, made);
    return made;
  }

  setFiles(kind: 'container' | 'volume', name: string, files: FakeFiles): void {
    this.files.set(`${kind} ${name}`, files);
  }

  /** With another place in the fake machine's networks. */
  place(container: ContainerDetails): ContainerDetails {
    const next = placed(container, this.networks.values());
    this.containers.set(next.id, next);
    return next;
  }

  become(
    container: ContainerDetails,
    state: Partial<ContainerState>,
    action?: ContainerAction,
  ): ContainerDetails {
    const next = this.place({ ...container, state: { ...container.state, ...state } });
    if (action !== undefined) this.say(next, action);
    return next;
  }

  say(container: ContainerDetails, action: ContainerAction, attributes: Record<string, string> = {}): void {
    const { id, name, image } = container;
    this.publish({ type: 'container', action, id, name, image: image.reference, attributes });
  }

  publish(event: NewEvent): void {
    this.seq += 1;
    const full = { ...event, seq: this.seq, at: new Date().toISOString() } as EngineEvent;
    this.history.push(full);
    for (const listener of this.listeners) listener(full);
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  setTask(task: Task): Task {
    this.tasks.set(task.id, task);
    this.publish({ type: 'task', action: 'update', id: task.id });
    return task;
  }

  pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds * this.pace);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }
}

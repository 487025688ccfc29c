import { Background } from '../background.ts';
import type { HandlerContext } from '../contract/index.ts';
import { EngineError, isEngineError } from '../errors/index.ts';
import type { ImageUse, ImageUser } from '../images/index.ts';
import { signalNumber } from '../runtime/index.ts';
import type { ContainerDetails, ContainerSummary } from '../types/index.ts';
import { Container } from './container.ts';
import { publishContainer } from './container-events.ts';
import { ContainerTable } from './container-table.ts';
import { detailsOf, summaryOf } from './container-view.ts';
import { Creation } from './creation.ts';
import type { ContainerHandlers, InputOf } from './handler-input.ts';
import { KeyedMutex } from './keyed-mutex.ts';
import { Lifecycle } from './lifecycle.ts';
import { Observer } from './observer.ts';
import type { ContainersOptions, Parts } from './parts.ts';
import { Removal } from './removal.ts';
import { Sessions } from './sessions.ts';
import { waitFor } from './waiting.ts';

/**
 * All containers of the engine. Reading (`list`, `inspect`, `wait`, `logs`) never waits for an operation; changing
 * operations of one container happen one after the other; containers do not wait for each other.
 */
export class Containers implements ImageUse, AsyncDisposable {
  private readonly parts: Parts;
  private readonly creation: Creation;
  private readonly lifecycle: Lifecycle;
  private readonly removal: Removal;
  private readonly sessions: Sessions;
  private readonly observer: Observer;
  private readonly closing = new AbortController();
  private readonly observing: Promise<void>;

  constructor(options: ContainersOptions) {
    this.parts = {
      ...options,
      table: new ContainerTable(),
      mutex: new KeyedMutex(),
      background: new Background(options.report),
    };
    for (const record of options.records.all()) this.adopt(new Container(record));
    this.creation = new Creation(this.parts);
    this.lifecycle = new Lifecycle(this.parts);
    this.removal = new Removal(this.parts, this.lifecycle);
    this.sessions = new Sessions(this.parts);
    this.observer = new Observer(this.parts, this.removal);
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
    list: async ({ all }) => this.list(all),
    inspect: async ({ container }) => detailsOf(this.find(container)),
    create: async (request) => detailsOf(await this.creation.create(request)),
    run: (request, context) => this.run(request, context),
    start: (input, context) => this.start(input, context),
    stop: (input) => this.stop(input),
    kill: (input) => this.kill(input),
    restart: (input) => this.restart(input),
    remove: async ({ container, force }, { signal }) => {
      const found = this.find(container);
      await this.removal.remove(found, force, signal);
      return { id: found.id };
    },
    rename: (input, context) => this.rename(input, context),
    wait: async ({ container, condition }, { signal }) => waitFor(this.find(container), condition, signal),
    logs: (input, { signal }) => this.sessions.logs(this.find(input.container), input, signal),
    attach: (input, up, { signal }) => this.sessions.attach(this.find(input.container), input, up, signal),
    exec: (input, up, { signal }) => this.sessions.exec(this.find(input.container), input, up, signal),
  };

  usersOf(imageId: string): readonly ImageUser[] {
    const made = this.parts.table
      .all()
      .filter(({ record }) => record.image.id === imageId)
      .map(({ id, name, running }) => ({ id, name, running }));
    return [...made, ...this.creation.usersOf(imageId).map((user) => ({ ...user, running: false }))];
  }

  /** Containers run on; operations under way end with the runtime's answer. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort(new EngineError('cancelled', 'The engine is closing.'));
    await this.observing;
    await this.parts.background[Symbol.asyncDispose]();
  }

  private find(idOrName: string): Container {
    return this.parts.table.find(idOrName);
  }

  /** Newest first. */
  private list(all: boolean): readonly ContainerSummary[] {
    return this.parts.table
      .all()
      .filter(({ running }) => all || running)
      .map(summaryOf)
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
  }

  private async run(request: InputOf<'run'>, { signal }: HandlerContext): Promise<ContainerDetails> {
    const container = await this.creation.create(request);
    try {
      await this.locked(container, () => this.lifecycle.start(container, signal), signal);
    } catch (thrown) {
      if (request.name === undefined) await this.discard(container);
      throw thrown;
    }
    return detailsOf(container);
  }

  private async start(
    { container }: InputOf<'start'>,
    { signal }: HandlerContext,
  ): Promise<ContainerSummary> {
    const found = this.find(container);
    await this.locked(found, () => this.lifecycle.start(found, signal), signal);
    return summaryOf(found);
  }

  /** Goes on when its caller leaves: only cancelling the task ends it. */
  private async stop({ container, timeoutSeconds }: InputOf<'stop'>): Promise<ContainerSummary> {
    const found = this.find(container);
    const timeout = timeoutSeconds ?? found.record.spec.stopTimeoutSeconds;
    await this.parts.tasks.run('container-stop', found.name, ({ signal }) =>
      this.locked(found, () => this.lifecycle.stop(found, timeout, signal), signal),
    );
    return summaryOf(found);
  }

  private async restart({ container, timeoutSeconds }: InputOf<'restart'>): Promise<ContainerSummary> {
    const found = this.find(container);
    const timeout = timeoutSeconds ?? found.record.spec.stopTimeoutSeconds;
    await this.parts.tasks.run('container-restart', found.name, ({ signal }) =>
      this.locked(found, () => this.lifecycle.restart(found, timeout, signal), signal),
    );
    return summaryOf(found);
  }

  private async kill({ container, signal }: InputOf<'kill'>): Promise<ContainerSummary> {
    const number = signalNumber(signal);
    if (number === null) throw new EngineError('invalid-argument', `There is no signal "${signal}".`);
    const found = this.find(container);
    await this.lifecycle.kill(found, number);
    return summaryOf(found);
  }

  private async rename(
    { container, name }: InputOf<'rename'>,
    context: HandlerContext,
  ): Promise<ContainerSummary> {
    const found = this.find(container);
    await this.locked(found, () => this.renameLocked(found, name), context.signal);
    return summaryOf(found);
  }

  private async renameLocked(container: Container, name: string): Promise<void> {
    const { table, records, events } = this.parts;
    const oldName = container.name;
    if (name === oldName)
      throw new EngineError('invalid-argument', `The container is called ${name} already.`);
    table.reserveName(name, container.id);
    try {
      await records.update(container.id, () => ({ ...container.record, name }));
    } catch (thrown) {
      table.releaseName(name, container.id);
      throw thrown;
    }
    container.setRecord({ ...container.record, name });
    table.releaseName(oldName, container.id);
    publishContainer(events, 'rename', container, { attributes: { oldName } });
  }

  /** Whatever waited behind a removal finds nothing to work on. */
  private locked(container: Container, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const checked = async (): Promise<void> => {
      if (container.removed) throw new EngineError('not-found', `No such container: ${container.name}`);
      await work();
    };
    return this.parts.mutex.run(container.id, checked, signal);
  }

  /** After a failed start; its failure is what the caller hears, not what became of the rest. */
  private async discard(container: Container): Promise<void> {
    try {
      await this.removal.remove(container, true);
    } catch (thrown) {
      this.parts.report(`Container ${container.name} could not be removed after its failed start.`, thrown);
    }
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

import type { CacheMiss } from '../../types/index.ts';
import { inputsOf, type BuiltLayer, type Root, type Vertex } from '../graph/vertex.ts';
import type { StepCache } from './step-cache.ts';
import type { StepIdentity } from './step-identity.ts';

/** Roots of what a step needs, by vertex. */
export type Roots = ReadonlyMap<Vertex, Root>;

export interface StepWork {
  readonly identity: StepIdentity;
  /** Does it, and answers with the layer on top of the parent's root. */
  run(context: StepContext): Promise<Omit<BuiltLayer, 'createdAt'>>;
}

export interface StepContext {
  readonly signal: AbortSignal;
  readonly log: (stream: 'stdout' | 'stderr', data: Uint8Array) => void;
}

/** Knows what steps are, and how they are done. */
export interface StepExecutor {
  prepare(vertex: Exclude<Vertex, { kind: 'base' }>, roots: Roots, signal: AbortSignal): Promise<StepWork>;
}

/** Hears how the steps of one build go. */
export interface SolveListener {
  started(vertex: Vertex, miss: CacheMiss | null): void;
  log(vertex: Vertex, stream: 'stdout' | 'stderr', data: Uint8Array): void;
  ended(vertex: Vertex, state: 'done' | 'cached', sizeBytes: number | null): void;
  failed(vertex: Vertex, thrown: unknown): void;
}

/** Steps of all builds that are under way, by key: the same step is done once. */
export type StepsUnderWay = (
  key: string,
  work: (context: StepContext) => Promise<BuiltLayer>,
  context: StepContext,
) => Promise<BuiltLayer>;

export interface SolverParts {
  readonly cache: StepCache;
  readonly executor: StepExecutor;
  readonly share: StepsUnderWay;
  /** The layer of a step that another machine has done, unpacked here; null: nobody has told of it. */
  readonly imported: (identity: StepIdentity, parent: Root) => Promise<BuiltLayer | null>;
  /** Layers that must stay until the build has ended, whatever becomes of their records. */
  readonly pin: (chainIds: readonly string[]) => void;
  /** Nothing is collected while the work is under way. */
  readonly uncollected: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  readonly now: () => Date;
}

export interface SolveOptions {
  readonly listener: SolveListener;
  readonly signal: AbortSignal;
  /** ChainIDs that the machine has. */
  readonly present: ReadonlySet<string>;
  /** Told of each step's layer. */
  readonly solved: (vertex: Vertex, layer: BuiltLayer) => void;
}

/**
 * Solves the graph of one build: each vertex once, as soon as its inputs are there, independent ones side by side. The
 * first failure ends the others.
 */
export class Solver {
  readonly usedKeys: string[] = [];
  private readonly parts: SolverParts;
  private readonly options: SolveOptions;
  private readonly solved = new Map<Vertex, Promise<Root>>();
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;

  constructor(parts: SolverParts, options: SolveOptions) {
    this.parts = parts;
    this.options = options;
    this.signal = AbortSignal.any([options.signal, this.stop.signal]);
  }

  /** The roots of the targets, in their order. */
  async solve(targets: readonly Vertex[]): Promise<readonly Root[]> {
    try {
      return await Promise.all(targets.map((target) => this.root(target)));
    } catch (thrown) {
      this.stop.abort(thrown);
      // Nothing of it goes on when the build has ended.
      await Promise.allSettled(this.solved.values());
      throw thrown;
    }
  }

  private root(vertex: Vertex): Promise<Root> {
    const known = this.solved.get(vertex);
    if (known !== undefined) return known;
    const solving = this.step(vertex);
    this.solved.set(vertex, solving);
    solving.catch((thrown: unknown) => this.stop.abort(thrown));
    return solving;
  }

  private async step(vertex: Vertex): Promise<Root> {
    const inputs = inputsOf(vertex);
    const roots = new Map(
      await Promise.all(inputs.map(async (input) => [input, await this.root(input)] as const)),
    );
    if (vertex.kind === 'base') {
      this.parts.pin(vertex.root.map(({ chainId }) => chainId));
      this.options.listener.ended(vertex, 'cached', null);
      return vertex.root;
    }
    const parent = roots.get(vertex.parent) ?? [];
    try {
      const layer = await this.layer(vertex, parent, roots);
      this.options.solved(vertex, layer);
      return [...parent, layer];
    } catch (thrown) {
      this.options.listener.failed(vertex, thrown);
      throw thrown;
    }
  }

  private async layer(
    vertex: Exclude<Vertex, { kind: 'base' }>,
    parent: Root,
    roots: Roots,
  ): Promise<BuiltLayer> {
    const { cache, executor, share, pin } = this.parts;
    const { listener, present } = this.options;
    const work = await executor.prepare(vertex, roots, this.signal);
    const { identity } = work;
    this.usedKeys.push(identity.key);
    const cached = vertex.isFresh
      ? null
      : (cache.find(identity.key, present) ?? (await this.importedLayer(identity, parent)));
    if (cached !== null) {
      pin([cached.chainId]);
      listener.ended(vertex, 'cached', cached.usageBytes);
      return cached;
    }
    const miss: CacheMiss = vertex.isFresh
      ? { reason: 'no-cache', detail: 'the cache is not to be used' }
      : cache.missOf(identity);
    listener.started(vertex, miss);
    const log: StepContext['log'] = (stream, data) => listener.log(vertex, stream, data);
    const context = { signal: this.signal, log };
    const run = (shared: StepContext): Promise<BuiltLayer> => this.run(work, parent, vertex.epoch, shared);
    const layer = vertex.isFresh ? await run(context) : await share(identity.key, run, context);
    pin([layer.chainId]);
    listener.ended(vertex, 'done', layer.usageBytes);
    return layer;
  }

  private async importedLayer(identity: StepIdentity, parent: Root): Promise<BuiltLayer | null> {
    const { cache, imported, uncollected } = this.parts;
    return uncollected(async () => {
      const layer = await imported(identity, parent);
      if (layer !== null) await cache.put(identity, parent, layer);
      return layer;
    }, this.signal);
  }

  /** The record comes before a collection can see the layer. */
  private async run(
    work: StepWork,
    parent: Root,
    epoch: number | null,
    context: StepContext,
  ): Promise<BuiltLayer> {
    const made = await work.run(context);
    const createdAt = epoch === null ? this.parts.now() : new Date(epoch * 1000);
    const layer = { ...made, createdAt: createdAt.toISOString() };
    await this.parts.cache.put(work.identity, parent, layer);
    return layer;
  }
}

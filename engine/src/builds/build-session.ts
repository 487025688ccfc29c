import { posix } from 'node:path';
import type { BuildRequest } from '../contract/index.ts';
import { formatPlatform, normalizePlatform } from '../oci/index.ts';
import type { BuildCheck, BuildEvent, BuildResult, Platform } from '../types/index.ts';
import type { BuildsParts } from './build-parts.ts';
import { exportCache } from './cache-exchange/export-cache.ts';
import { ImportedSteps } from './cache-exchange/imported-steps.ts';
import { BuildFiles } from './context/build-files.ts';
import type { KnownContexts } from './context/contexts.ts';
import type { KnownRoots } from './context/known-roots.ts';
import { type DockerfileSource, readDockerfile } from './context/dockerfile-source.ts';
import type { OpenContext } from './context/open-context.ts';
import { parseDockerfile } from './dockerfile/index.ts';
import { EMPTY_LAYER, ensureEmptyLayer } from './empty-layer.ts';
import { Executor } from './executor/executor.ts';
import type { CacheFolders } from './executor/mounts/cache-folders.ts';
import type { ExecutorParts } from './executor/parts.ts';
import { BaseImages } from './frontend/base-images.ts';
import type { BuiltStage } from './frontend/built-stage.ts';
import { checked } from './frontend/checked.ts';
import { dockerfileGraph, type GraphOptions } from './frontend/dockerfile-graph.ts';
import { type BuiltLayer, inOrder, inputsOf, type Root, type Vertex } from './graph/vertex.ts';
import { StepEvents } from './history/step-events.ts';
import { openArchive } from './open-archive.ts';
import { type BuiltRoot, refuseFiles, writeOutputs } from './output/outputs.ts';
import { Solver, type StepsUnderWay } from './solver/solver.ts';
import type { CachedStep } from './solver/step-cache.ts';

export interface SessionParts extends BuildsParts {
  readonly contexts: KnownContexts;
  readonly roots: KnownRoots;
  readonly share: StepsUnderWay;
  readonly cacheFolders: CacheFolders;
}

export interface SessionOptions {
  readonly request: BuildRequest;
  readonly context: OpenContext;
  readonly emit: (event: BuildEvent) => void;
  readonly signal: AbortSignal;
}

/** One build from its request to its result. */
export class BuildSession {
  private readonly parts: SessionParts;
  private readonly request: BuildRequest;
  private readonly context: OpenContext;
  private readonly emit: (event: BuildEvent) => void;
  private readonly signal: AbortSignal;
  /** What the cache holds layers for. */
  private readonly pins = {};

  constructor(parts: SessionParts, { request, context, emit, signal }: SessionOptions) {
    this.parts = parts;
    this.request = request;
    this.context = context;
    this.emit = emit;
    this.signal = signal;
  }

  async check(): Promise<BuildCheck> {
    const source = await readDockerfile(this.request, this.context.folder);
    const [first = this.parts.platform] = this.platforms;
    return checked(source, parseDockerfile(source.text), this.graphOptions(first));
  }

  async run(): Promise<BuildResult> {
    try {
      return await this.build();
    } finally {
      this.parts.cache.unpin(this.pins);
    }
  }

  /** That the image is made for, each once. */
  private get platforms(): readonly Platform[] {
    const { platform, platforms } = this.request;
    const asked = platforms.length > 0 ? platforms : [platform ?? this.parts.platform];
    const normal = asked.map(({ os, architecture, variant }) =>
      normalizePlatform({ os, architecture, ...(variant !== undefined && { variant }) }),
    );
    return [...new Map(normal.map((each) => [formatPlatform(each), each])).values()];
  }

  private async build(): Promise<BuildResult> {
    const source = await readDockerfile(this.request, this.context.folder);
    const file = parseDockerfile(source.text);
    const { platforms } = this;
    if (platforms.length > 1) refuseFiles(this.request);
    const [first = this.parts.platform] = platforms;
    const { warnings } = checked(source, file, this.graphOptions(first));
    const stages: BuiltStage[] = [];
    for (const platform of platforms) stages.push(await dockerfileGraph(file, this.graphOptions(platform)));
    const targets = stages.map(({ vertex }) => vertex);
    const vertices = inOrder(targets);
    const numbers = new Map(vertices.map((vertex, index) => [vertex, index]));
    const steps = vertices.map((vertex, index) => ({
      index,
      name: vertex.name,
      stage: vertex.stage,
      instruction: vertex.instruction,
      line: vertex.line,
      inputs: [...new Set(inputsOf(vertex).map((input) => numbers.get(input) ?? 0))],
    }));
    this.emit({ type: 'planned', steps, warnings });
    const layers = new Map<Vertex, BuiltLayer>();
    const { roots, keys } = await this.solve(targets, numbers, source, layers);
    const built = stages.map((stage, index) => ({ stage, root: roots[index] ?? [] }));
    return this.output(built, layers, this.parts.cache.steps(keys));
  }

  private async solve(
    targets: readonly Vertex[],
    numbers: ReadonlyMap<Vertex, number>,
    source: DockerfileSource,
    layers: Map<Vertex, BuiltLayer>,
  ): Promise<{ readonly roots: readonly Root[]; readonly keys: readonly string[] }> {
    const { cache, snapshotter, share, images, clock } = this.parts;
    const present = new Set<string>(
      (await snapshotter.list({ signal: this.signal })).map(({ chainId }) => chainId),
    );
    const { request, context } = this;
    const saying = { signal: this.signal, say: this.say };
    const imported = await ImportedSteps.open(images, request, saying);
    await using files = new BuildFiles(this.parts, request, context, source.ignore);
    const executor = new Executor(this.executorParts(files), source.identity);
    const listener = new StepEvents(this.emit, numbers, clock);
    const solver = new Solver(
      {
        cache,
        executor,
        share,
        imported: (identity, parent) => imported.bring(identity, parent),
        pin: (chainIds) => cache.pin(this.pins, chainIds),
        uncollected: (work, signal) => images.uncollected(work, signal),
        now: () => clock.now(),
      },
      { listener, signal: this.signal, present, solved: (vertex, layer) => void layers.set(vertex, layer) },
    );
    const roots = await solver.solve(targets);
    // Nobody waits for it.
    cache
      .used(solver.usedKeys)
      .catch((thrown: unknown) => this.parts.report('Uses of the build cache were not kept.', thrown));
    return { roots, keys: solver.usedKeys };
  }

  private async output(
    images: readonly BuiltRoot[],
    layers: ReadonlyMap<Vertex, BuiltLayer>,
    steps: readonly CachedStep[],
  ): Promise<BuildResult> {
    const { request, signal, emit } = this;
    const layerOf = (vertex: Vertex): BuiltLayer | null => layers.get(vertex) ?? null;
    const result = await writeOutputs(this.parts, { images, request, layerOf, steps }, { emit, signal });
    await exportCache(this.parts, request, steps, { signal, say: this.say });
    return result;
  }

  private readonly say = (message: string): void => this.emit({ type: 'output', message });

  private graphOptions(target: Platform): GraphOptions {
    const { request, signal } = this;
    const contexts = Object.entries(request.contexts);
    const images = new BaseImages(this.parts.images, {
      ...{ request, signal },
      pin: (chainIds) => this.parts.cache.pin(this.pins, chainIds),
      say: this.say,
    });
    const imageContexts = contexts.flatMap(([name, context]) =>
      context.kind === 'image' ? [[name, context.reference] as const] : [],
    );
    return {
      buildArgs: new Map(Object.entries(request.buildArgs)),
      buildPlatform: this.parts.platform,
      targetPlatform: target,
      target: request.target ?? null,
      contexts: new Set(Object.keys(request.contexts)),
      image: (reference, platform) => images.bring(reference, platform ?? target),
      imageContexts: new Map(imageContexts),
      noCache: request.noCache,
      noCacheStages: request.noCacheStages,
      network: request.network,
      label: this.platforms.length > 1 ? `${formatPlatform(target)} ` : '',
    };
  }

  private executorParts(files: BuildFiles): ExecutorParts {
    const { runtime, host, volumes, cacheFolders, networks, machine, images, cache, clock, snapshotter } =
      this.parts;
    const { secretsDir, temporaryDir } = this.parts;
    return {
      ...{ runtime, host, volumes, cacheFolders, networks, machine, secretsDir },
      files: this.parts.files,
      request: this.request,
      openArchive: (read, signal) => openArchive(read, snapshotter, signal),
      emptyLayer: (signal) => ensureEmptyLayer(snapshotter, temporaryDir, signal),
      uncollected: (work, signal) => images.uncollected(work, signal),
      pin: (chainId) => cache.pin(this.pins, [chainId, EMPTY_LAYER]),
      contextNamed: (name) => files.contextNamed(name, this.signal),
      gitFiles: (source, signal) => files.gitFiles(source, signal),
      walk: (chainIds, path, signal) => this.parts.roots.walk(chainIds, posix.resolve('/', path), signal),
      modifiedAt: (epoch) => (epoch === null ? clock.now() : new Date(epoch * 1000)),
    };
  }
}

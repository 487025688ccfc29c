import { posix } from 'node:path';
import type { BuildRequest } from '../contract/index.ts';
import { EngineError, isEngineError, toWire } from '../errors/index.ts';
import { normalizePlatform, parseReference } from '../oci/index.ts';
import type { BuildEvent, BuildResult, BuildWarning, Platform } from '../types/index.ts';
import type { BuildsParts } from './build-parts.ts';
import {
  type DockerfileSource,
  FolderFiles,
  type KnownContexts,
  NO_FILES,
  readDockerfile,
} from './context/contexts.ts';
import { type Dockerfile, lintDockerfile, parseDockerfile } from './dockerfile/index.ts';
import { EMPTY_LAYER, ensureEmptyLayer } from './empty-layer.ts';
import { Executor } from './executor/executor.ts';
import type { ContextFiles, ExecutorParts } from './executor/parts.ts';
import { type BaseImage, readBaseDocument } from './frontend/base-image.ts';
import type { BuiltStage } from './frontend/built-stage.ts';
import { dockerfileGraph, type GraphOptions } from './frontend/dockerfile-graph.ts';
import { type BuiltLayer, inOrder, inputsOf, type Root, type Vertex } from './graph/vertex.ts';
import { openArchive } from './open-archive.ts';
import { writeOutputs } from './output/outputs.ts';
import { type SolveListener, Solver, type StepsUnderWay } from './solver/solver.ts';

export interface SessionParts extends BuildsParts {
  readonly contexts: KnownContexts;
  readonly share: StepsUnderWay;
}

/** One build from its request to its result. */
export class BuildSession {
  private readonly parts: SessionParts;
  private readonly request: BuildRequest;
  /** Of the context, when it is a folder. */
  private readonly folder: string | null;
  private readonly emit: (event: BuildEvent) => void;
  private readonly signal: AbortSignal;
  private readonly pins: readonly string[] = [];

  constructor(
    parts: SessionParts,
    request: BuildRequest,
    folder: string | null,
    emit: (event: BuildEvent) => void,
    signal: AbortSignal,
  ) {
    this.parts = parts;
    this.request = request;
    this.folder = folder;
    this.emit = emit;
    this.signal = signal;
  }

  get platform(): Platform {
    const { platform } = this.request;
    if (platform === undefined) return this.parts.platform;
    const { os, architecture, variant } = platform;
    return normalizePlatform({ os, architecture, ...(variant !== undefined && { variant }) });
  }

  async check(): Promise<ReturnType<typeof checked>> {
    const source = await readDockerfile(this.request, this.folder);
    const file = parseDockerfile(source.text);
    return checked(source, file, this.graphOptions());
  }

  async run(): Promise<BuildResult> {
    try {
      return await this.build();
    } finally {
      this.parts.cache.unpin(this.pins);
    }
  }

  private async build(): Promise<BuildResult> {
    const source = await readDockerfile(this.request, this.folder);
    const file = parseDockerfile(source.text);
    const options = this.graphOptions();
    const { warnings } = checked(source, file, options);
    const stage = await dockerfileGraph(file, options);
    const vertices = inOrder([stage.vertex]);
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
    const root = await this.solve(stage.vertex, numbers, source, layers);
    return this.output(stage, root, layers);
  }

  private async solve(
    target: Vertex,
    numbers: ReadonlyMap<Vertex, number>,
    source: DockerfileSource,
    layers: Map<Vertex, BuiltLayer>,
  ): Promise<Root> {
    const { cache, snapshotter, share, images, clock } = this.parts;
    const present = new Set<string>(
      (await snapshotter.list({ signal: this.signal })).map(({ chainId }) => chainId),
    );
    const executor = new Executor(this.executorParts(source), source.identity);
    const listener = new StepEvents(this.emit, numbers, clock);
    const solver = new Solver(
      {
        cache,
        executor,
        share,
        uncollected: (work, signal) => images.uncollected(work, signal),
        now: () => clock.now(),
      },
      { listener, signal: this.signal, present, solved: (vertex, layer) => void layers.set(vertex, layer) },
    );
    const root = await solver.solve(target);
    // Nobody waits for it.
    cache
      .used(solver.usedKeys)
      .catch((thrown: unknown) => this.parts.report('Uses of the build cache were not kept.', thrown));
    return root;
  }

  private async output(
    stage: BuiltStage,
    root: Root,
    layers: ReadonlyMap<Vertex, BuiltLayer>,
  ): Promise<BuildResult> {
    const chainIds = root.map(({ chainId }) => chainId);
    this.parts.cache.pin(this.pins, chainIds);
    return writeOutputs(
      this.parts,
      { stage, root, request: this.request, layerOf: (vertex) => layers.get(vertex) ?? null },
      { emit: this.emit, signal: this.signal },
    );
  }

  private graphOptions(): GraphOptions {
    const { request } = this;
    const contexts = Object.entries(request.contexts);
    const images = contexts.flatMap(([name, context]) =>
      context.kind === 'image' ? [[name, context.reference] as const] : [],
    );
    return {
      buildArgs: new Map(Object.entries(request.buildArgs)),
      buildPlatform: this.parts.platform,
      targetPlatform: this.platform,
      target: request.target ?? null,
      contexts: new Set(Object.keys(request.contexts)),
      image: (reference, platform) => this.image(reference, platform ?? this.platform),
      imageContexts: new Map(images),
      noCache: request.noCache,
      noCacheStages: request.noCacheStages,
      network: request.network,
    };
  }

  /** As it is here, or pulled. */
  private async image(reference: string, platform: Platform): Promise<BaseImage> {
    const here = this.request.pull ? null : await this.imageHere(reference, platform);
    if (here !== null) return here;
    const { variant, ...rest } = platform;
    const request = { reference, platform: { ...rest, ...(variant !== undefined && { variant }) } };
    const credentials = this.request.credentials[parseReference(reference).domain];
    const options = { insecure: false, background: false, ...(credentials && { credentials }) };
    for await (const progress of this.parts.images.pull(
      { ...request, ...options },
      { signal: this.signal },
    )) {
      if (progress.stage === 'resolving') this.emit({ type: 'output', message: `pulling ${reference}` });
    }
    const pulled = await this.imageHere(reference, platform);
    if (pulled !== null) return pulled;
    throw new EngineError('not-found', `There is no image ${reference} for this platform.`, {
      detail: { step: 'image', path: reference },
    });
  }

  private async imageHere(reference: string, platform: Platform): Promise<BaseImage | null> {
    try {
      const { id, layers, config } = await this.parts.images.baseOf(reference);
      const document = readBaseDocument(config);
      if (document.os !== platform.os || document.architecture !== platform.architecture) return null;
      const root = layers.map(({ diffId, chainId, usageBytes }) => ({
        diffId,
        chainId,
        usageBytes,
        createdAt: null,
      }));
      this.parts.cache.pin(
        this.pins,
        root.map(({ chainId }) => chainId),
      );
      return { id, root, document };
    } catch (thrown) {
      if (isEngineError(thrown, 'not-found')) return null;
      throw thrown;
    }
  }

  private executorParts(source: DockerfileSource): ExecutorParts {
    const { runtime, files, host, volumes, networks, machine, images, cache, clock, snapshotter } =
      this.parts;
    const { secretsDir, temporaryDir, contexts } = this.parts;
    const own = this.folder === null ? NO_FILES : new FolderFiles(contexts.at(this.folder), source.ignore);
    const named = new Map<string, ContextFiles>();
    for (const [name, context] of Object.entries(this.request.contexts)) {
      if (context.kind === 'folder') named.set(name, new FolderFiles(contexts.at(context.path), null));
      if (context.kind === 'empty') named.set(name, NO_FILES);
    }
    return {
      ...{ runtime, files, host, volumes, networks, machine, secretsDir, openArchive },
      request: this.request,
      emptyLayer: (signal) => ensureEmptyLayer(snapshotter, temporaryDir, signal),
      uncollected: (work, signal) => images.uncollected(work, signal),
      pin: (chainId) => cache.pin(this.pins, [chainId, EMPTY_LAYER]),
      contextNamed: (name) => {
        const context = name === null ? own : named.get(name);
        if (context !== undefined) return context;
        throw new EngineError(
          'not-implemented',
          `The context "${name ?? ''}" is of a kind that has no files here.`,
        );
      },
      walk: (chainIds, path, signal) => host.walk(chainIds, posix.resolve('/', path), true, { signal }),
      modifiedAt: (epoch) => (epoch === null ? clock.now() : new Date(epoch * 1000)),
      refuseGit: (url) =>
        new EngineError('not-implemented', `ADD of a git repository is not possible: ${url.slice(0, 300)}.`, {
          detail: { step: 'add', path: url.slice(0, 300) },
          hint: 'Clone it with RUN, or give the clone as a context: --build-context NAME=FOLDER.',
        }),
    };
  }
}

function checked(source: DockerfileSource, file: Dockerfile, options: GraphOptions) {
  const { ignore } = source;
  const { warnings, failed, error } = lintDockerfile(file, {
    ...options,
    ...(ignore !== null && { ignore }),
  });
  const lines = source.text.split('\n');
  const shown: readonly BuildWarning[] = warnings.map(({ rule, message, range, url }) => ({
    rule,
    message,
    url,
    line: range.start.line,
    column: range.start.column,
    sourceLine: (lines[range.start.line - 1] ?? '').replace(/\r$/, ''),
  }));
  return { warnings: shown, failed: failed || error !== null, error: error && toWire(error) };
}

/** Says of steps what their events say. */
class StepEvents implements SolveListener {
  private readonly emit: (event: BuildEvent) => void;
  private readonly numbers: ReadonlyMap<Vertex, number>;
  private readonly clock: BuildsParts['clock'];
  private readonly begun = new Map<Vertex, number>();

  constructor(
    emit: (event: BuildEvent) => void,
    numbers: ReadonlyMap<Vertex, number>,
    clock: BuildsParts['clock'],
  ) {
    this.emit = emit;
    this.numbers = numbers;
    this.clock = clock;
  }

  started: SolveListener['started'] = (vertex, miss) => {
    const at = this.clock.now();
    this.begun.set(vertex, at.getTime());
    this.emit({ type: 'step-started', step: this.numberOf(vertex), at: at.toISOString(), miss });
  };

  log: SolveListener['log'] = (vertex, stream, data) => {
    this.emit({ type: 'step-log', step: this.numberOf(vertex), stream, data });
  };

  ended: SolveListener['ended'] = (vertex, state, sizeBytes) => this.end(vertex, state, sizeBytes, null);

  failed: SolveListener['failed'] = (vertex, thrown) => {
    const state = isEngineError(thrown, 'cancelled') ? 'cancelled' : 'failed';
    this.end(vertex, state, null, thrown);
  };

  private end(
    vertex: Vertex,
    state: 'done' | 'cached' | 'failed' | 'cancelled',
    sizeBytes: number | null,
    thrown: unknown,
  ): void {
    const begun = this.begun.get(vertex);
    const durationMs = begun === undefined ? 0 : this.clock.now().getTime() - begun;
    const error = thrown === null ? null : toWire(thrown);
    this.emit({ type: 'step-ended', step: this.numberOf(vertex), state, durationMs, sizeBytes, error });
  }

  private numberOf(vertex: Vertex): number {
    return this.numbers.get(vertex) ?? 0;
  }
}

import { formatPlatform } from '../../oci/index.ts';
import type { Platform } from '../../types/index.ts';
import {
  type Dockerfile,
  type PlannedStage,
  type PlanOptions,
  planStages,
  proxyArgs,
  type RunConfigDocument,
  type StagePlan,
  StageScope,
  type StageSource,
  type TriggerInstruction,
} from '../dockerfile/index.ts';
import type { BaseVertex, FileOrigin } from '../graph/vertex.ts';
import { type BaseImage, environmentOf, triggersOf } from './base-image.ts';
import type { BuiltStage } from './built-stage.ts';
import { sourceDateEpoch } from './source-date-epoch.ts';
import { StageBuilder, type StageStart } from './stage-builder.ts';

export interface GraphOptions extends PlanOptions {
  /** Finds or brings a base image; `null`: of the target's platform. */
  readonly image: (reference: string, platform: Platform | null) => Promise<BaseImage>;
  /** Images that stand for named contexts. */
  readonly imageContexts: ReadonlyMap<string, string>;
  readonly noCache: boolean;
  readonly noCacheStages: readonly string[];
  readonly network: 'default' | 'none' | 'host';
  /** Before the names of steps, where a build has several targets; else nothing. */
  readonly label: string;
}

/** Makes the graph of the target's stage, with all that it needs. Nothing runs yet; base images are brought. */
export async function dockerfileGraph(file: Dockerfile, options: GraphOptions): Promise<BuiltStage> {
  const first = planStages(file, options);
  const images = await bringImages(first, options);
  const triggers = triggersByStage(first, images);
  const plan = triggers.size === 0 ? first : planStages(file, { ...options, triggers });
  // Triggers may name images of their own.
  const all = triggers.size === 0 ? images : await bringImages(plan, options);
  return new GraphBuilder(file, plan, options, all).target();
}

const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Images = ReadonlyMap<string, BaseImage>;

async function bringImages(plan: StagePlan, options: GraphOptions): Promise<Images> {
  const wanted = new Map<string, { readonly reference: string; readonly platform: Platform | null }>();
  for (const { base, platform, sources } of plan.needed) {
    for (const source of [base, ...sources.values()]) {
      const reference = referenceOf(source, options);
      if (reference !== null) wanted.set(imageKey(reference, platform), { reference, platform });
    }
  }
  const found = await Promise.all(
    [...wanted].map(async ([key, { reference, platform }]) => {
      return [key, await options.image(reference, platform)] as const;
    }),
  );
  return new Map(found);
}

function referenceOf(source: StageSource, { imageContexts }: GraphOptions): string | null {
  if (source.kind === 'image') return source.reference;
  return source.kind === 'context' ? (imageContexts.get(source.name) ?? null) : null;
}

function imageKey(reference: string, platform: Platform | null): string {
  return `${reference} ${platform === null ? '' : formatPlatform(platform)}`;
}

function triggersByStage(
  plan: StagePlan,
  images: Images,
): ReadonlyMap<number, readonly TriggerInstruction[]> {
  const triggers = new Map<number, readonly TriggerInstruction[]>();
  for (const { stage, base, platform } of plan.needed) {
    if (base.kind !== 'image') continue;
    const image = images.get(imageKey(base.reference, platform));
    const asked = image === undefined ? [] : triggersOf(image.document);
    if (asked.length > 0) triggers.set(stage.index, asked);
  }
  return triggers;
}

class GraphBuilder {
  private readonly file: Dockerfile;
  private readonly plan: StagePlan;
  private readonly options: GraphOptions;
  private readonly images: Images;
  private readonly built = new Map<number, BuiltStage>();
  private readonly scopes = new Map<number, StageScope>();
  private readonly bases = new Map<string, BaseVertex>();

  constructor(file: Dockerfile, plan: StagePlan, options: GraphOptions, images: Images) {
    this.file = file;
    this.plan = plan;
    this.options = options;
    this.images = images;
  }

  target(): BuiltStage {
    for (const planned of this.plan.needed) this.add(planned);
    return this.stage(this.plan.target.stage.index);
  }

  private stage(index: number): BuiltStage {
    const stage = this.built.get(index);
    if (stage === undefined) throw new Error(`stage ${index} is built before it is needed`);
    return stage;
  }

  private add(planned: PlannedStage): void {
    const { index, name } = planned.stage;
    const { escape } = this.file.directives;
    const { buildArgs } = this.options;
    const start = this.startOf(planned);
    const inherited = planned.base.kind === 'stage' ? this.scopes.get(planned.base.index) : undefined;
    const { globals } = this.plan;
    const environment = environmentOf(start.config);
    const scope = inherited?.child() ?? new StageScope({ escape, globals, buildArgs, environment });
    const { label } = this.options;
    const isOnly = this.plan.needed.length === 1 && name === null;
    const builder = new StageBuilder(planned, start, scope, {
      escape,
      label: `${label}${isOnly ? '' : `${name ?? `stage-${index}`} `}`,
      isFresh: this.options.noCache || this.isFreshStage(planned),
      epoch: sourceDateEpoch(buildArgs),
      proxies: proxyArgs(buildArgs),
      network: this.options.network,
      originOf: (source) => this.originOf(source, planned.platform),
    });
    this.built.set(index, builder.build(start));
    this.scopes.set(index, scope);
  }

  private isFreshStage({ stage: { index, name } }: PlannedStage): boolean {
    return this.options.noCacheStages.some(
      (wanted) => wanted.toLowerCase() === name || wanted === `${index}`,
    );
  }

  private startOf({ base, platform, stage }: PlannedStage): StageStart {
    if (base.kind === 'stage') return this.stage(base.index);
    const reference = referenceOf(base, this.options);
    if (reference === null) {
      const { os, architecture, variant } = platform ?? this.options.targetPlatform;
      return {
        vertex: this.scratch(),
        config: withPath({ WorkingDir: '/' }),
        platform: { os, architecture, ...(variant !== undefined && { variant }) },
        baseHistory: [],
        baseCreated: null,
        history: [],
        author: '',
      };
    }
    const { document } = this.imageOf(reference, platform);
    const { os, architecture, variant, created, config, history } = document;
    return {
      vertex: this.baseVertex(reference, platform, stage.from.source, stage.from.range.start.line),
      config: withPath(config),
      platform: { os, architecture, ...(variant !== undefined && { variant }) },
      baseHistory: history,
      baseCreated: created ?? null,
      history: [],
      author: '',
    };
  }

  private imageOf(reference: string, platform: Platform | null): BaseImage {
    const image = this.images.get(imageKey(reference, platform));
    if (image === undefined) throw new Error(`the image ${reference} has been brought`);
    return image;
  }

  private originOf(source: StageSource, platform: Platform | null): FileOrigin {
    if (source.kind === 'stage') return { kind: 'vertex', vertex: this.stage(source.index).vertex };
    if (source.kind === 'scratch') return { kind: 'vertex', vertex: this.scratch() };
    const reference = referenceOf(source, this.options);
    if (reference === null) return { kind: 'context', name: source.kind === 'context' ? source.name : null };
    return { kind: 'vertex', vertex: this.baseVertex(reference, platform, `FROM ${reference}`, null) };
  }

  private baseVertex(
    reference: string,
    platform: Platform | null,
    instruction: string,
    line: number | null,
  ): BaseVertex {
    const key = imageKey(reference, platform);
    const known = this.bases.get(key);
    if (known !== undefined) return known;
    const { root } = this.imageOf(reference, platform);
    const vertex = base(`FROM ${reference}`, instruction, line, root);
    this.bases.set(key, vertex);
    return vertex;
  }

  private scratch(): BaseVertex {
    const known = this.bases.get('');
    if (known !== undefined) return known;
    const vertex = base('FROM scratch', 'FROM scratch', null, []);
    this.bases.set('', vertex);
    return vertex;
  }
}

function base(name: string, instruction: string, line: number | null, root: BaseVertex['root']): BaseVertex {
  return { kind: 'base', name, instruction, line, root, stage: '', isFresh: false, epoch: null };
}

/** An image that does not say where its programs are gets the usual places. */
function withPath(config: RunConfigDocument): RunConfigDocument {
  if (environmentOf(config).has('PATH')) return config;
  return { ...config, Env: [DEFAULT_PATH, ...(config.Env ?? [])] };
}

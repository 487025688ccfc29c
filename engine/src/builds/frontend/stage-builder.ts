import { posix } from 'node:path';
import {
  type AddInstruction,
  applyInstruction,
  argumentsOf,
  type ConfigState,
  type CopyInstruction,
  DEFAULT_SHELL,
  expandMounts,
  type EscapeCharacter,
  heredocContent,
  type PlannedStage,
  PROXY_ARGS,
  remoteKind,
  type RunInstruction,
  type StageInstruction,
  type StageScope,
  type StageSource,
  type WorkdirInstruction,
} from '../dockerfile/index.ts';
import type { CopySource, FileOrigin, RunMount, Vertex } from '../graph/vertex.ts';
import type { BuiltStage, StageHistory } from './built-stage.ts';
import { runArguments } from './run-arguments.ts';

/** What a stage is begun with. */
export interface StageStart extends Omit<BuiltStage, 'history'> {
  readonly history: readonly StageHistory[];
}

export interface StageSurroundings {
  readonly escape: EscapeCharacter;
  /** `[builder 2/5]` */
  readonly label: string;
  readonly isFresh: boolean;
  readonly epoch: number | null;
  readonly proxies: ReadonlyMap<string, string>;
  readonly network: 'default' | 'none' | 'host';
  /** Files of a stage, a named context or an image. */
  readonly originOf: (source: StageSource) => FileOrigin;
}

/** Instructions that change files. */
const STEPS: readonly string[] = ['run', 'copy', 'add', 'workdir'];

/** Goes through a stage from the top: instructions become steps and what the image says. */
export class StageBuilder {
  private readonly planned: PlannedStage;
  private readonly around: StageSurroundings;
  private readonly scope: StageScope;
  private state: ConfigState;
  private vertex: Vertex;
  private readonly history: StageHistory[];
  private author: string;
  /** FROM is the first step. */
  private number = 1;
  private readonly total: number;

  constructor(planned: PlannedStage, start: StageStart, scope: StageScope, around: StageSurroundings) {
    this.planned = planned;
    this.around = around;
    this.scope = scope;
    this.total = 1 + planned.instructions.filter(({ kind }) => STEPS.includes(kind)).length;
    const { OnBuild: _, ...config } = start.config;
    this.state = { config, commandSet: false };
    this.vertex = start.vertex;
    this.history = [...start.history];
    this.author = start.author;
  }

  build(start: StageStart): BuiltStage {
    for (const instruction of this.planned.instructions) {
      if (STEPS.includes(instruction.kind)) this.number++;
      this.add(this.scope.advance(instruction));
    }
    const { vertex, history, author } = this;
    return { ...start, vertex, history, author, config: this.state.config };
  }

  private add(instruction: StageInstruction): void {
    const before = this.state.config;
    this.state = applyInstruction(this.state, instruction);
    switch (instruction.kind) {
      case 'run':
        this.step(this.run(instruction), this.runHistory(instruction));
        return;
      case 'copy':
      case 'add':
        this.step(this.copy(instruction), instruction.source);
        return;
      case 'workdir':
        this.workdir(instruction, before.WorkingDir ?? '/');
        return;
      case 'maintainer':
        this.author = instruction.name.text;
        break;
      case 'arg':
      case 'cmd':
      case 'entrypoint':
      case 'env':
      case 'expose':
      case 'healthcheck':
      case 'label':
      case 'onbuild':
      case 'shell':
      case 'stopsignal':
      case 'user':
      case 'volume':
        break;
    }
    this.history.push({ createdBy: instruction.source, vertex: null });
  }

  private step(vertex: Vertex, createdBy: string): void {
    this.vertex = vertex;
    this.history.push({ createdBy: `${createdBy} # buildkit`, vertex });
  }

  private common(instruction: StageInstruction) {
    const { around, planned } = this;
    return {
      name: `[${around.label}${this.number}/${this.total}] ${instruction.source}`,
      stage: planned.stage.name ?? `${planned.stage.index}`,
      instruction: instruction.source,
      line: instruction.range.start.line,
      isFresh: around.isFresh,
      epoch: around.epoch,
      parent: this.vertex,
    };
  }

  private run(instruction: RunInstruction): Vertex {
    const { config } = this.state;
    const expansion = { escape: this.around.escape, lookup: this.scope.lookup };
    const workingDir = config.WorkingDir ?? '/';
    return {
      ...this.common(instruction),
      kind: 'run',
      args: runArguments(instruction.command, config.Shell ?? DEFAULT_SHELL),
      env: [...this.buildArguments(), ...(config.Env ?? [])],
      hiddenEnv: [...this.around.proxies].map(([name, value]) => `${name}=${value}`),
      workingDir,
      user: config.User ?? '',
      network: instruction.network === 'default' ? this.around.network : instruction.network,
      insecure: instruction.security === 'insecure',
      mounts: expandMounts(instruction, expansion).map((mount) => this.mount(mount, workingDir)),
    };
  }

  private mount(mount: RunMount['mount'], workingDir: string): RunMount {
    const target = posix.resolve('/', workingDir, mount.target ?? defaultTarget(mount));
    if (mount.type !== 'bind' && mount.type !== 'cache') return { mount, target, origin: null };
    const origin = mount.from === null ? null : this.originNamed(mount.from);
    if (mount.type === 'cache') return { mount, target, origin };
    return { mount, target, origin: origin ?? { kind: 'context', name: null } };
  }

  private originNamed(name: string): FileOrigin {
    const source = this.planned.sources.get(name);
    if (source === undefined) throw new Error(`the plan does not know "${name}"`);
    return this.around.originOf(source);
  }

  private copy(instruction: CopyInstruction | AddInstruction): Vertex {
    const isAdd = instruction.kind === 'add';
    const workingDir = this.state.config.WorkingDir ?? '/';
    const written = instruction.destination.text;
    const resolved = posix.resolve('/', workingDir, written);
    const isFolder = written.endsWith('/') || written === '.' || written.endsWith('/.');
    return {
      ...this.common(instruction),
      kind: 'copy',
      sources: this.sources(instruction),
      destination: isFolder && resolved !== '/' ? `${resolved}/` : resolved,
      chown: instruction.chown?.text ?? null,
      chmod: instruction.chmod?.text ?? null,
      link: instruction.link,
      parents: !isAdd && instruction.parents,
      exclude: instruction.exclude.map(({ text }) => text),
      unpack: isAdd && instruction.unpack !== false,
      unpackRemote: isAdd && instruction.unpack === true,
    };
  }

  private sources(instruction: CopyInstruction | AddInstruction): readonly CopySource[] {
    const origin: FileOrigin =
      instruction.kind === 'copy' && instruction.from !== null
        ? this.originNamed(instruction.from.text)
        : { kind: 'context', name: null };
    return instruction.sources.map((source) => {
      if (source.kind === 'inline') {
        const { heredoc } = source;
        return { kind: 'inline', name: heredoc.name, content: heredocContent(heredoc) };
      }
      const path = source.path.text;
      if (instruction.kind === 'add') {
        const checksum = instruction.checksum?.text ?? null;
        const remote = remoteKind(path);
        if (remote === 'git') {
          return { kind: 'git', url: path, checksum, keepGitDir: instruction.keepGitDir === true };
        }
        if (remote === 'url') return { kind: 'url', url: path, checksum };
      }
      return { kind: 'files', origin, path };
    });
  }

  private workdir(instruction: WorkdirInstruction, before: string): void {
    const path = posix.resolve('/', before, instruction.path.text);
    const createdBy = `WORKDIR ${path}`;
    const user = this.state.config.User ?? '';
    if (path === '/') this.history.push({ createdBy, vertex: null });
    else this.step({ ...this.common(instruction), kind: 'folder', path, user }, createdBy);
  }

  /** Declared arguments that the environment does not say otherwise. */
  private buildArguments(): readonly string[] {
    const said = new Set(this.scope.environment.keys());
    return [...this.scope.arguments]
      .filter(([name]) => !said.has(name) && !PROXY_ARGS.includes(name))
      .map(([name, value]) => `${name}=${value}`);
  }

  private runHistory(instruction: RunInstruction): string {
    const values = this.buildArguments();
    const words = argumentsOf(this.state.config, instruction.command);
    return `RUN ${[...(values.length > 0 ? [`|${values.length}`, ...values] : []), ...words].join(' ')}`;
  }
}

function defaultTarget(mount: RunMount['mount']): string {
  if (mount.type === 'secret') return `/run/secrets/${posix.basename(mount.id)}`;
  if (mount.type === 'ssh') return '/run/buildkit/ssh_agent.0';
  return '/';
}

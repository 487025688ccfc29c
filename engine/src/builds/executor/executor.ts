import type { CopyVertex, FileOrigin, FolderVertex, Root, RunVertex, Vertex } from '../graph/vertex.ts';
import type { Roots, StepExecutor, StepWork } from '../solver/solver.ts';
import { digestOfWords, type StepIdentity, stepIdentity } from '../solver/step-identity.ts';
import { chooseGroups, digestOfGroups } from './choose-groups.ts';
import { copyInto, isFolderIn, makeFolder } from './copy-step.ts';
import type { ExecutorParts } from './parts.ts';
import { runInside } from './run-step.ts';
import { inWorkContainer } from './work-container.ts';

type Step = Exclude<Vertex, { kind: 'base' }>;

/** Does steps in containers of their own. */
export class Executor implements StepExecutor {
  private readonly parts: ExecutorParts;
  /** Which Dockerfile it is, for the places of its steps. */
  private readonly file: string;

  constructor(parts: ExecutorParts, file: string) {
    this.parts = parts;
    this.file = file;
  }

  prepare(vertex: Step, roots: Roots, signal: AbortSignal): Promise<StepWork> {
    const parent = roots.get(vertex.parent) ?? [];
    switch (vertex.kind) {
      case 'run':
        return this.run(vertex, parent, roots, signal);
      case 'copy':
        return this.copy(vertex, parent, roots, signal);
      case 'folder':
        return Promise.resolve(this.folder(vertex, parent));
    }
  }

  private identity(
    vertex: Step,
    parent: Root,
    words: readonly unknown[],
    files: string,
    variables = '',
  ): StepIdentity {
    const slot = digestOfWords([this.file, vertex.stage, vertex.line, vertex.kind]);
    return stepIdentity(slot, vertex.instruction.slice(0, 1000), {
      parent: parent.at(-1)?.chainId ?? 'scratch',
      instruction: digestOfWords([vertex.kind, vertex.epoch, ...words]),
      files,
      variables,
    });
  }

  private async run(vertex: RunVertex, parent: Root, roots: Roots, signal: AbortSignal): Promise<StepWork> {
    const { args, workingDir, user, network, insecure, mounts, env, epoch } = vertex;
    const taken = await Promise.all(
      mounts.map(async ({ mount, origin }) => {
        if (origin === null || mount.type !== 'bind') return '';
        return this.mounted(origin, mount.source, roots, signal);
      }),
    );
    const mounted = mounts.map(({ mount, target }) => [mount, target]);
    const words = [args, workingDir, user, network, insecure, mounted];
    const identity = this.identity(vertex, parent, words, digestOfWords(taken), digestOfWords(env));
    return {
      identity,
      run: (context) =>
        inWorkContainer(this.parts, parent, epoch, context.signal, (work) =>
          runInside(this.parts, vertex, roots, work, context),
        ),
    };
  }

  /** What is in a bind mount; of another root its layers say so. */
  private async mounted(
    origin: FileOrigin,
    path: string,
    roots: Roots,
    signal: AbortSignal,
  ): Promise<string> {
    if (origin.kind === 'vertex') return roots.get(origin.vertex)?.at(-1)?.chainId ?? 'scratch';
    const { files } = await (await this.parts.contextNamed(origin.name)).tree(signal);
    const prefix = path.replace(/^\/+|\/+$/g, '');
    const inside = files.filter((file) => prefix === '' || `${file.path}/`.startsWith(`${prefix}/`));
    return digestOfWords(inside.map((file) => [file.path, file.mode, file.linkTarget, file.digest]));
  }

  private async copy(vertex: CopyVertex, parent: Root, roots: Roots, signal: AbortSignal): Promise<StepWork> {
    const groups = await chooseGroups(this.parts, vertex, roots, signal);
    const { destination, chown, chmod, link, parents, unpack, unpackRemote, epoch } = vertex;
    const words = [destination, chown, chmod, link, parents, unpack, unpackRemote];
    return {
      identity: this.identity(vertex, parent, words, digestOfGroups(groups)),
      run: (context) =>
        inWorkContainer(this.parts, parent, epoch, context.signal, (work) =>
          copyInto({ parts: this.parts, vertex, target: work.target, signal: context.signal }, groups),
        ),
    };
  }

  private folder(vertex: FolderVertex, parent: Root): StepWork {
    const { path, user, epoch } = vertex;
    return {
      identity: this.identity(vertex, parent, [path, user], ''),
      run: (context) =>
        inWorkContainer(this.parts, parent, epoch, context.signal, async ({ target }) => {
          const step = { parts: this.parts, target, signal: context.signal };
          if (!(await isFolderIn(step, path))) await makeFolder(step, path, user === '' ? null : user);
        }),
    };
  }
}

import type { BuildRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { IgnoreRules } from '../dockerignore/index.ts';
import type { ContextFiles } from './context-files.ts';
import { FolderFiles, type KnownContexts, NO_FILES } from './contexts.ts';
import { checkOut, type GitCheckout } from './git/git-checkout.ts';
import { GitFiles } from './git/git-files.ts';
import type { GitSource } from './git/git-source.ts';
import { LocalContext } from './local-context.ts';
import type { OpenContext } from './open-context.ts';

export interface BuildFilesParts {
  readonly contexts: KnownContexts;
  readonly temporaryDir: string;
}

/** All files that one build may copy of its contexts; what was fetched for it goes with it. */
export class BuildFiles implements AsyncDisposable {
  private readonly parts: BuildFilesParts;
  private readonly request: BuildRequest;
  private readonly own: OpenContext;
  private readonly ignore: IgnoreRules | null;
  private readonly named = new Map<string | null, Promise<ContextFiles>>();
  private readonly fetched = new Map<string, Promise<GitCheckout>>();

  constructor(parts: BuildFilesParts, request: BuildRequest, own: OpenContext, ignore: IgnoreRules | null) {
    this.parts = parts;
    this.request = request;
    this.own = own;
    this.ignore = ignore;
  }

  /** Null: the build's own context. */
  contextNamed(name: string | null, signal: AbortSignal): Promise<ContextFiles> {
    const known = this.named.get(name) ?? this.open(name, signal);
    this.named.set(name, known);
    return known;
  }

  /** The same repository is fetched once. */
  async gitFiles(source: GitSource, signal: AbortSignal): Promise<ContextFiles> {
    const key = JSON.stringify([source.url, source.keepGitDir, source.checksum]);
    const { temporaryDir } = this.parts;
    const sshAgent = this.request.ssh['default'] ?? null;
    const fetching = this.fetched.get(key) ?? checkOut(source, { temporaryDir, sshAgent, signal });
    this.fetched.set(key, fetching);
    return new GitFiles(new FolderFiles(new LocalContext((await fetching).folder), null));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const fetching of await Promise.allSettled(this.fetched.values())) {
      if (fetching.status === 'fulfilled') await fetching.value.discard();
    }
  }

  private async open(name: string | null, signal: AbortSignal): Promise<ContextFiles> {
    if (name === null) return this.ownFiles();
    const context = this.request.contexts[name];
    switch (context?.kind) {
      case 'folder':
        return new FolderFiles(this.parts.contexts.at(context.path), null);
      case 'git':
        return this.gitFiles({ url: context.url, keepGitDir: false, checksum: null }, signal);
      case 'empty':
        return NO_FILES;
      case 'image':
      case 'upload':
      case undefined:
        throw new EngineError('invalid-argument', `The context "${name}" has no files of its own.`, {
          detail: { step: 'context', path: name },
        });
    }
  }

  private ownFiles(): ContextFiles {
    const { folder, isGit, known } = this.own;
    if (folder === null) return NO_FILES;
    if (isGit) return new GitFiles(new FolderFiles(new LocalContext(folder), this.ignore));
    // What was sent is here once; a folder of a person's comes again.
    const isKept = this.request.context.kind === 'folder';
    const context = isKept ? this.parts.contexts.at(folder) : new LocalContext(folder, known);
    return new FolderFiles(context, this.ignore);
  }
}

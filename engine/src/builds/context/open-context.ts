import type { BuildRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { checkOut } from './git/git-checkout.ts';
import type { KnownFiles } from './known-files.ts';
import { receivedContext, type ReceivingParts } from './uploaded-context.ts';

/** A build's own context, where it lies for as long as the build lasts. */
export interface OpenContext {
  /** Null: it has no files. */
  readonly folder: string | null;
  readonly isGit: boolean;
  /** What was learned of its files on their way here. */
  readonly known?: KnownFiles;
  discard(): Promise<void>;
}

/** `up`: the archive, where the caller sends one. */
export async function openContext(
  { context, buildArgs, ssh }: BuildRequest,
  up: AsyncIterable<Uint8Array>,
  { temporaryDir, snapshotter }: ReceivingParts,
  signal: AbortSignal,
): Promise<OpenContext> {
  switch (context.kind) {
    case 'folder':
      return { folder: context.path, isGit: false, discard: nothing };
    case 'empty':
      return { folder: null, isGit: false, discard: nothing };
    case 'upload':
      return { ...(await receivedContext(up, { temporaryDir, snapshotter }, signal)), isGit: false };
    case 'git': {
      const keepGitDir = ['1', 'true'].includes(buildArgs['BUILDKIT_CONTEXT_KEEP_GIT_DIR'] ?? '');
      const source = { url: context.url, keepGitDir, checksum: null };
      const options = { temporaryDir, sshAgent: ssh['default'] ?? null, signal };
      return { ...(await checkOut(source, options)), isGit: true };
    }
    case 'image':
      throw new EngineError('invalid-argument', "A build's own context is no image.", {
        detail: { step: 'context', path: context.reference },
        hint: 'Give the image a name: --build-context NAME=docker-image://IMAGE.',
      });
  }
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

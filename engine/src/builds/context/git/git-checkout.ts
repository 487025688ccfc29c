import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { EngineError, isEngineError } from '../../../errors/index.ts';
import { diskError } from '../../../metadata/index.ts';
import { git, type GitOptions } from './git.ts';
import { type GitSource, parseGitUrl } from './git-source.ts';

/** The files of one commit in a folder of their own. Submodules stay empty folders. */
export interface GitCheckout {
  readonly folder: string;
  /** 40 hex digits, or 64. */
  readonly commit: string;
  discard(): Promise<void>;
}

export interface CheckoutOptions {
  readonly temporaryDir: string;
  readonly sshAgent: string | null;
  readonly signal: AbortSignal;
}

export async function checkOut(source: GitSource, options: CheckoutOptions): Promise<GitCheckout> {
  const { repository, ref, folder } = parseGitUrl(source.url);
  const path = join(options.temporaryDir, randomUUID());
  await mkdir(path, { recursive: true, mode: 0o700 });
  const discard = (): Promise<void> => rm(path, { recursive: true, force: true });
  const running = { folder: path, sshAgent: options.sshAgent, signal: options.signal };
  try {
    await git(['init', '--quiet', '--template=', '.'], running);
    const commit = await fetchCommit(repository, ref, running);
    checkCommit(source, commit);
    await git(['checkout', '--quiet', '--detach', commit], running);
    if (!source.keepGitDir) await rm(join(path, '.git'), { recursive: true, force: true });
    return { folder: await folderWithin(path, folder), commit, discard };
  } catch (thrown) {
    await discard();
    throw thrown;
  }
}

/** Alone, where the server gives it so; else with all there is, as a beginning of a commit's name needs it. */
async function fetchCommit(repository: string, ref: string, running: GitOptions): Promise<string> {
  try {
    await git(['fetch', '--quiet', '--depth=1', '--no-tags', '--', repository, ref], running);
    return await git(['rev-parse', '--verify', '--quiet', 'FETCH_HEAD^{commit}'], running);
  } catch (thrown) {
    if (!/^[0-9a-f]{7,64}$/.test(ref) || !isEngineError(thrown, 'unavailable')) throw thrown;
    await git(['fetch', '--quiet', '--', repository, '+refs/*:refs/*'], running);
    return git(['rev-parse', '--verify', `${ref}^{commit}`], running);
  }
}

function checkCommit({ checksum, url }: GitSource, commit: string): void {
  if (checksum === null || (checksum.length >= 7 && commit.startsWith(checksum))) return;
  throw new EngineError('invalid-argument', `The repository is at ${commit}, and not at ${checksum}.`, {
    detail: { step: 'checksum', path: url.slice(0, 300) },
  });
}

/** Links in the repository lead to nothing outside of it. */
async function folderWithin(root: string, folder: string): Promise<string> {
  const top = await realpath(root);
  const wanted = join(top, posix.resolve('/', folder));
  const found = await realpath(wanted).catch((thrown: unknown) => {
    throw diskError(thrown, wanted);
  });
  if (found === top || found.startsWith(`${top}/`)) return found;
  throw new EngineError('invalid-argument', `"${folder.slice(0, 300)}" leads out of the repository.`, {
    detail: { step: 'git', path: folder.slice(0, 300) },
  });
}

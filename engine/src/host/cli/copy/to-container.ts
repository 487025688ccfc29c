import type { DuplexCall, EngineClient } from '../../../contract/index.ts';
import { EngineError } from '../../../errors/index.ts';
import type { WrittenArchive } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import type { Copy } from './copy-argument.ts';
import type { CopyOptions } from './copy-options.ts';
import { type CopyTarget, planCopy } from './copy-plan.ts';
import { CopyProgress } from './copy-progress.ts';
import { isDirectoryMode, isLinkMode, isRegularMode } from './file-mode.ts';
import { localSource } from './local-ends.ts';
import { packLocal } from './pack.ts';
import { splitPath } from './paths.ts';
import { counted, inPieces } from './pieces.ts';

export async function copyToContainer(
  { container, source, target }: Copy,
  options: CopyOptions,
  context: CommandContext,
): Promise<void> {
  const { signal, stdin } = context;
  const from = source === '-' ? null : await localSource(source, options.followLink);
  const client = await context.client();
  const place = await targetInContainer(client, container, target);
  if (from === null && place.kind !== 'directory') {
    throw new EngineError('invalid-argument', `destination "${container}:${target}" must be a directory`);
  }
  const plan = from === null ? { directory: place.path, name: '.' } : planCopy(from, place);
  const archive =
    from === null
      ? (stdin as AsyncIterable<Uint8Array>)
      : packLocal(joined(splitPath(from.path)), plan.name, signal);
  const progress = new CopyProgress(context.stderr, 'Copying to container', options.quiet);
  const call = client.containers.writeArchive(
    {
      container,
      path: plan.directory,
      noOverwriteDirNonDir: true,
      copyUidGid: options.archive,
    },
    { signal },
  );
  await upload(call, counted(inPieces(archive), progress.add));
  progress.finish(`${container}:${place.path}`);
}

/** Follows a link at the path's end. What is not there may be made by the copy, if its folder is there. */
async function targetInContainer(client: EngineClient, container: string, path: string): Promise<CopyTarget> {
  const stat = await statOrNull(client, container, path);
  if (stat === null) return { path, kind: 'missing' };
  const isLink = isLinkMode(stat.mode) && stat.linkTarget !== null;
  const end = isLink ? stat.linkTarget : path;
  const found = isLink ? await statOrNull(client, container, end) : stat;
  if (found === null) return { path: end, kind: 'missing' };
  if (isDirectoryMode(found.mode)) return { path: end, kind: 'directory' };
  if (isRegularMode(found.mode)) return { path: end, kind: 'other' };
  throw new EngineError(
    'invalid-argument',
    `destination "${container}:${path}" must be a directory or a regular file`,
  );
}

async function statOrNull(client: EngineClient, container: string, path: string) {
  try {
    return await client.containers.statPath({ container, path });
  } catch (thrown) {
    // That there is no such container is said once more, by the writing.
    if (thrown instanceof EngineError && thrown.code === 'not-found') return null;
    throw thrown;
  }
}

function joined({ directory, name }: ReturnType<typeof splitPath>): string {
  return name === '.' || name === '/' ? directory : `${directory === '/' ? '' : directory}/${name}`;
}

/** Both directions at once: a refusal ends the sending, and a source that fails ends the call. */
async function upload(
  call: DuplexCall<Uint8Array, WrittenArchive>,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const source = pieces[Symbol.asyncIterator]();
  const answers = call[Symbol.asyncIterator]();
  const answered = answers.next();
  const sent = send(call, source);
  try {
    await Promise.race([answered, sent.then(() => answered)]);
  } finally {
    answered.catch(() => undefined);
    sent.catch(() => undefined);
    await answers.return?.();
    // A source that waits for somebody to type is left to itself.
    void source.return?.();
  }
}

async function send(
  call: DuplexCall<Uint8Array, WrittenArchive>,
  source: AsyncIterator<Uint8Array>,
): Promise<void> {
  for (let next = await source.next(); next.done !== true; next = await source.next())
    await call.send(next.value);
  call.end();
}

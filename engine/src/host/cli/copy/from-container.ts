import { posix } from 'node:path';
import type { EngineClient } from '../../../contract/index.ts';
import { EngineError } from '../../../errors/index.ts';
import type { ArchivePiece, PathStat } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { writeAll } from '../output/write.ts';
import type { Copy } from './copy-argument.ts';
import { planCopy } from './copy-plan.ts';
import { CopyProgress } from './copy-progress.ts';
import type { CopyOptions } from './copy-options.ts';
import { extractLocal } from './extract.ts';
import { isDirectoryMode, isLinkMode } from './file-mode.ts';
import { localTarget } from './local-ends.ts';
import { followed } from './paths.ts';
import { counted } from './pieces.ts';

export async function copyFromContainer(
  { container, source, target }: Copy,
  options: CopyOptions,
  context: CommandContext,
): Promise<void> {
  const local = target === '-' ? null : await localTarget(target);
  const client = await context.client();
  const from = options.followLink ? await followedInContainer(client, container, source) : asIs(source);
  const { signal } = context;
  const archive = await openArchive(
    client.containers.readArchive({ container, path: from.path }, { signal }),
  );
  if (local === null) {
    for await (const data of archive.data) await writeAll(context.stdout, data);
    return;
  }
  const isDirectory = isDirectoryMode(archive.stat.mode);
  const plan = planCopy({ ...from, isDirectory }, local);
  const progress = new CopyProgress(context.stderr, 'Copying from container', options.quiet);
  await extractLocal(counted(archive.data, progress.add), plan.directory, {
    name: plan.name,
    signal,
    onLeftOut: (name) => context.say(`longshore: ${name} was left out: it is a device or a pipe.`),
  });
  progress.finish(target);
}

interface From {
  readonly path: string;
  readonly calledBy: string | null;
}

function asIs(path: string): From {
  return { path, calledBy: null };
}

/** What is not there is said by whoever reads it. */
async function followedInContainer(client: EngineClient, container: string, path: string): Promise<From> {
  const stat = await client.containers.statPath({ container, path }).catch(() => null);
  if (stat === null || !isLinkMode(stat.mode) || stat.linkTarget === null) return asIs(path);
  return followed(path, posix.normalize(stat.linkTarget));
}

/** The stat, and then the bytes of the same stream. */
async function openArchive(
  pieces: AsyncIterable<ArchivePiece>,
): Promise<{ readonly stat: PathStat; readonly data: AsyncIterable<Uint8Array> }> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true || first.value.kind !== 'stat') {
    throw new EngineError('internal', 'The engine sent an archive without its stat.');
  }
  const rest = { [Symbol.asyncIterator]: () => iterator };
  return { stat: first.value.stat, data: dataOf(rest) };
}

async function* dataOf(pieces: AsyncIterable<ArchivePiece>): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) if (piece.kind === 'data') yield piece.data;
}

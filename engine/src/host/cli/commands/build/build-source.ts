import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { isGitUrl } from '../../../../builds/index.ts';
import type { BuildRequestInput } from '../../../../contract/index.ts';
import { pairs, wrong } from './build-values.ts';

type Source = Pick<BuildRequestInput, 'context' | 'dockerfile' | 'dockerfileText'>;

export interface BuildSource {
  readonly request: Source;
  /** The context, where it is an archive from the input. */
  readonly upload: AsyncIterable<Uint8Array> | null;
}

/** A folder, a repository, or `-`: an archive, or else a Dockerfile that needs no files. `file`: as `-f` has it. */
export async function sourceOf(
  context: string,
  file: string | undefined,
  stdin: Readable,
): Promise<BuildSource> {
  if (context === '-') return inputSource(file, stdin);
  const isGit = isGitUrl(context);
  const place = isGit
    ? ({ kind: 'git', url: context } as const)
    : ({ kind: 'folder', path: resolve(context) } as const);
  if (file === '-') return { request: { context: place, dockerfileText: await textOf(stdin) }, upload: null };
  // In a repository it is a file of the repository.
  const named = file === undefined ? {} : { dockerfile: isGit ? file : resolve(file) };
  return { request: { context: place, ...named }, upload: null };
}

async function inputSource(file: string | undefined, stdin: Readable): Promise<BuildSource> {
  const bytes = await bytesOf(stdin);
  const isArchive =
    bytes.subarray(257, 262).toString('latin1') === 'ustar' || bytes.readUInt16BE(0) === 0x1f8b;
  if (!isArchive) {
    return { request: { context: { kind: 'empty' }, dockerfileText: bytes.toString('utf8') }, upload: null };
  }
  const named = file === undefined ? {} : { dockerfile: file };
  return { request: { context: { kind: 'upload' }, ...named }, upload: Readable.from([bytes]) };
}

async function textOf(stdin: Readable): Promise<string> {
  return (await bytesOf(stdin)).toString('utf8');
}

async function bytesOf(stdin: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(Buffer.from(piece as Uint8Array));
  const bytes = Buffer.concat(pieces);
  if (bytes.length > 1) return bytes;
  throw wrong('The input is empty.', '-');
}

/** `name=folder`, `name=https://host/x.git`, `name=docker-image://image`. */
export function contextsOf(entries: readonly string[]): NonNullable<BuildRequestInput['contexts']> {
  const contexts = Object.entries(pairs(entries, () => undefined)).map(([name, value]) => {
    const reference = /^docker-image:\/\/(.+)$/.exec(value)?.[1];
    if (reference !== undefined) return [name, { kind: 'image', reference } as const] as const;
    if (isGitUrl(value)) return [name, { kind: 'git', url: value } as const] as const;
    if (value.includes('://')) throw wrong(`"${value}" is of a kind that is not known.`, name);
    return [name, { kind: 'folder', path: resolve(value) } as const] as const;
  });
  return Object.fromEntries<NonNullable<BuildRequestInput['contexts']>[string]>(contexts);
}

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as tar from 'tar-stream';
import { EngineError } from '../../../errors/index.ts';
import { ExtractionRoot } from './extraction-root.ts';

/** setuid, setgid and sticky are taken off: a container must not hand this machine a program with somebody's rights. */
const PERMISSIONS = 0o777;

export interface ExtractOptions {
  /** What the archive's first entry, and with it all below, is called here; `.` is the folder itself. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Hears of each device and pipe, which are not made. */
  readonly onLeftOut: (name: string) => void;
}

/** As tar-stream hands entries out. */
type Entry = AsyncIterable<Uint8Array> & { readonly header: tar.Header };

/**
 * Unpacks an archive from a container into a folder of this machine. Everything belongs to whoever runs this. Names that
 * would lead out are refused; links are made, and never followed.
 */
export async function extractLocal(
  archive: AsyncIterable<Uint8Array>,
  directory: string,
  options: ExtractOptions,
): Promise<void> {
  await using root = await ExtractionRoot.open(directory);
  const entries = tar.extract();
  // tar-stream brings its own stream library, whose streams are made to work in Node's pipelines.
  const writable = entries as unknown as NodeJS.WritableStream;
  const feeding = pipeline(Readable.from(archive), writable, { signal: options.signal });
  // Its failure ends the reading with the same error.
  feeding.catch(() => undefined);
  const naming = new Naming(options.name);
  for await (const entry of entries) await extractEntry(root, entry as Entry, naming, options.onLeftOut);
  await feeding;
}

async function extractEntry(
  root: ExtractionRoot,
  entry: Entry,
  naming: Naming,
  onLeftOut: (name: string) => void,
): Promise<void> {
  const { type, name, linkname, mode, mtime } = entry.header;
  const names = naming.placeOf(name);
  if (type === 'directory') {
    if (names.length > 0) await root.makeDirectory(names, { mode: mode & PERMISSIONS, modifiedAt: mtime });
  } else if (names.length === 0) {
    throw leadsOut(name);
  } else if (type === 'file' || type === 'contiguous-file') {
    await extractFile(root, names, entry);
    return;
  } else if (type === 'symlink') await root.createSymlink(names, linkname);
  else if (type === 'link') await root.createLink(names, naming.placeOf(linkname));
  else onLeftOut(name);
  // The next entry comes only once this one has been read.
  for await (const _ of entry);
}

async function extractFile(root: ExtractionRoot, names: readonly string[], entry: Entry): Promise<void> {
  const { mode, mtime } = entry.header;
  const file = await root.createFile(names);
  try {
    for await (const chunk of entry) await file.writeFile(chunk);
    await file.chmod(mode & PERMISSIONS);
    await file.utimes(mtime, mtime);
  } finally {
    await file.close();
  }
}

/** The archive's names as names below the folder, the first entry under the name that it is to have. */
class Naming {
  private readonly top: readonly string[];
  /** Names of the first entry, which all others begin with. */
  private archived: readonly string[] | null = null;

  constructor(name: string) {
    this.top = namesOf(name);
  }

  placeOf(entryName: string): readonly string[] {
    const names = namesOf(entryName);
    this.archived ??= names;
    const isBelow = this.archived.every((name, depth) => names[depth] === name);
    if (!isBelow) throw leadsOut(entryName);
    return [...this.top, ...names.slice(this.archived.length)];
  }
}

function namesOf(entryName: string): readonly string[] {
  const names = entryName.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw leadsOut(entryName);
  return names;
}

function leadsOut(name: string): EngineError {
  return new EngineError(
    'invalid-argument',
    `The archive has an entry that leads out of it: ${name.slice(0, 300)}`,
    {
      detail: { step: 'entry', path: name.slice(0, 300) },
      hint: 'Nothing was written there. The container may be hostile.',
    },
  );
}

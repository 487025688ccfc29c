import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import { diskError, errnoOf } from './disk-error.ts';
import { writeDurably } from './durable-file.ts';

/** Of everything below the data folder. Grows when an older Longshore could no longer read it. */
const FORMAT_VERSION = 1;

const IDENTITY_FILE = 'longshore.json';

const identitySchema = z.object({ id: z.uuid(), format: z.number().int().positive() });

export interface DataFolder {
  /** UUID of this installation's data; it stays when the folder is moved. */
  readonly id: string;
  readonly format: number;
  /** Where records of `noun` live. */
  stateDirectory(noun: string): string;
  readonly contentDirectory: string;
  readonly ingestDirectory: string;
}

/**
 * Opens the data folder, making it when it is new. One of a newer format is refused with `failed-precondition`,
 * untouched.
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  try {
    await mkdir(join(path, 'engine'), { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw diskError(thrown, path);
  }
  const { id, format } = (await readIdentity(path)) ?? (await createIdentity(path));
  if (format > FORMAT_VERSION) {
    throw new EngineError('failed-precondition', `The data in ${path} was written by a newer Longshore.`, {
      detail: { step: 'data-format', path },
      hint: 'Install the newer version again, or start this one with another folder: --data DIR.',
    });
  }
  return {
    id,
    format,
    stateDirectory: (noun) => join(path, 'engine', 'state', noun),
    contentDirectory: join(path, 'engine', 'content'),
    ingestDirectory: join(path, 'engine', 'ingest'),
  };
}

async function readIdentity(path: string): Promise<z.infer<typeof identitySchema> | null> {
  const file = join(path, IDENTITY_FILE);
  try {
    return identitySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return null;
    if (errnoOf(thrown) !== undefined) throw thrown;
    throw new EngineError(
      'failed-precondition',
      `${file} is damaged: Longshore cannot tell whose data this is.`,
      {
        detail: { step: 'data-identity', path: file },
        hint: 'If the data is from this version of Longshore, delete that one file and start again.',
        cause: thrown,
      },
    );
  }
}

async function createIdentity(path: string): Promise<z.infer<typeof identitySchema>> {
  const identity = { id: randomUUID(), format: FORMAT_VERSION };
  await writeDurably(join(path, IDENTITY_FILE), `${JSON.stringify(identity)}\n`);
  return identity;
}

import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import { diskError, errnoOf } from './disk-error.ts';
import { syncDirectory, TEMPORARY_PREFIX, writeDurably } from './durable-file.ts';

export interface RecordStoreOptions<T> {
  /** The folder of one noun: `<data>/engine/state/<noun>`. */
  readonly directory: string;
  readonly schema: z.ZodType<T>;
}

/** A record that could not be read. Its file is kept, out of the way, for whoever wants to look. */
export interface QuarantinedRecord {
  readonly id: string;
  readonly reason: string;
  /** Where the file is now. */
  readonly path: string;
}

const QUARANTINE = 'quarantine';
const EXTENSION = '.json';
/** With the extension at most NAME_MAX, 255. */
const ID = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,249}$/;

/**
 * Durable records of one noun, one JSON file each, all in memory for reading. What `put`, `update` and `delete` did
 * is on disk once they resolve, and is seen by readers at that moment. Changes of one record happen one after the other, in
 * the order they were asked for; records of different ids do not wait for each other.
 *
 * A torn or foreign file is no reason not to start: it is moved to `quarantine/` and reported.
 */
export class RecordStore<T> {
  readonly quarantined: readonly QuarantinedRecord[];
  private readonly directory: string;
  private readonly schema: z.ZodType<T>;
  private readonly records: Map<string, T>;
  /** Ids of the files in quarantine. */
  private readonly lost: Set<string>;
  private readonly changes = new Map<string, Promise<void>>();

  /** Reads all records of the folder, which is made if need be. */
  static async open<T>({ directory, schema }: RecordStoreOptions<T>): Promise<RecordStore<T>> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const records = new Map<string, T>();
    const quarantined: QuarantinedRecord[] = [];
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (entry.name.startsWith(TEMPORARY_PREFIX)) {
        await rm(join(directory, entry.name), { force: true });
      } else if (entry.isFile() && entry.name.endsWith(EXTENSION)) {
        const id = entry.name.slice(0, -EXTENSION.length);
        const read = await readRecord(join(directory, entry.name), id, schema);
        if (read.ok) records.set(id, read.value);
        else quarantined.push(await quarantine(directory, id, read.reason));
      }
    }
    const lost = await quarantinedIds(directory);
    return new RecordStore({ directory, schema }, records, quarantined, lost);
  }

  private constructor(
    { directory, schema }: RecordStoreOptions<T>,
    records: Map<string, T>,
    quarantined: readonly QuarantinedRecord[],
    lost: Set<string>,
  ) {
    this.directory = directory;
    this.schema = schema;
    this.records = records;
    this.quarantined = quarantined;
    this.lost = lost;
  }

  /** Whether something is in quarantine, of this start or an earlier one, that no record has replaced since. */
  get isIncomplete(): boolean {
    return this.lost.size > 0;
  }

  /** Whether the record of this id is in quarantine, and nothing has replaced it. */
  isLost(id: string): boolean {
    return this.lost.has(id);
  }

  get(id: string): T | undefined {
    return this.records.get(id);
  }

  all(): readonly T[] {
    return [...this.records.values()];
  }

  ids(): readonly string[] {
    return [...this.records.keys()];
  }

  put(id: string, value: T): Promise<void> {
    return this.change(id, () => this.write(id, value));
  }

  /**
   * Read, change, write, with nothing in between. `change` gets the present record, undefined if there is none, and
   * returns the new one; the same value means: nothing to write. Resolves with what is there now.
   */
  async update(id: string, change: (current: T | undefined) => T): Promise<T> {
    let result: T | undefined;
    await this.change(id, async () => {
      const current = this.records.get(id);
      const next = change(current);
      if (next !== current) await this.write(id, next);
      result = next;
    });
    // `change` above has run by now, or has thrown.
    return result as T;
  }

  /** An unknown id is no error. */
  delete(id: string): Promise<void> {
    return this.change(id, async () => {
      if (!this.records.has(id)) return;
      try {
        await rm(this.pathOf(id), { force: true });
        await syncDirectory(this.directory);
      } catch (thrown) {
        throw diskError(thrown, this.pathOf(id));
      }
      this.records.delete(id);
    });
  }

  private async write(id: string, value: T): Promise<void> {
    const checked = this.schema.parse(value);
    await writeDurably(this.pathOf(id), `${JSON.stringify({ id, value: checked })}\n`);
    this.records.set(id, checked);
    if (this.lost.delete(id)) await rm(join(this.directory, QUARANTINE, id + EXTENSION), { force: true });
  }

  private async change(id: string, work: () => Promise<void>): Promise<void> {
    const path = this.pathOf(id);
    const before = this.changes.get(path) ?? Promise.resolve();
    const done = before.then(work, work);
    this.changes.set(path, done);
    const forget = () => {
      if (this.changes.get(path) === done) this.changes.delete(path);
    };
    done.then(forget, forget);
    await done;
  }

  private pathOf(id: string): string {
    if (!ID.test(id)) {
      throw new EngineError('invalid-argument', `"${id.slice(0, 100)}" cannot be the id of a record.`);
    }
    return join(this.directory, id + EXTENSION);
  }
}

type ReadResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

async function readRecord<T>(path: string, id: string, schema: z.ZodType<T>): Promise<ReadResult<T>> {
  const text = await readFile(path, 'utf8');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'it is not whole JSON' };
  }
  const parsed = z.object({ id: z.literal(id), value: schema }).safeParse(document);
  if (parsed.success) return { ok: true, value: parsed.data.value };
  const [issue] = parsed.error.issues;
  return { ok: false, reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}` };
}

async function quarantine(directory: string, id: string, reason: string): Promise<QuarantinedRecord> {
  const place = join(directory, QUARANTINE);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const path = join(place, id + EXTENSION);
  await rename(join(directory, id + EXTENSION), path);
  await syncDirectory(directory);
  return { id, reason, path };
}

async function quarantinedIds(directory: string): Promise<Set<string>> {
  const names = await readdir(join(directory, QUARANTINE)).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  return new Set(names.map((name) => name.slice(0, -EXTENSION.length)));
}

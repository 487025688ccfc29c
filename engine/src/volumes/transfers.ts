import type { ImportedVolume } from '../types/index.ts';
import type { Creation } from './creation.ts';
import type { InputOf } from './handler-input.ts';
import { alone, type Parts } from './parts.ts';
import type { VolumeRecord } from './record.ts';
import { inUseByRunning, noSuchVolume } from './refused.ts';
import { newTrashId } from './removal.ts';
import { toSpec } from './stored-record.ts';
import { publishVolume } from './volume-events.ts';
import { volumeOf } from './volume-view.ts';

/** Volumes made from others' data, or from archives; and archives of them. */
export class Transfers {
  private readonly parts: Parts;
  private readonly creation: Creation;

  constructor(parts: Parts, creation: Creation) {
    this.parts = parts;
    this.creation = creation;
  }

  /** Goes on when its caller leaves: only cancelling the task ends it. */
  async clone({ volume, name, labels }: InputOf<'clone'>): Promise<VolumeRecord> {
    const { records, store, tasks } = this.parts;
    const source = records.get(volume);
    if (source === undefined) throw noSuchVolume(volume);
    const order = { name, anonymous: false, options: {}, labels: labels ?? source.labels };
    return tasks.run('volume-clone', name, ({ signal }) =>
      this.creation.addNew(order, (record) => store.clone(volume, toSpec(record), { signal }), signal),
    );
  }

  async *export({ volume }: InputOf<'export'>, signal: AbortSignal): AsyncIterable<Uint8Array> {
    if (this.parts.records.get(volume) === undefined) throw noSuchVolume(volume);
    publishVolume(this.parts, 'export', volume);
    yield* this.parts.store.export(volume, { signal });
  }

  async *import(
    input: InputOf<'import'>,
    archive: AsyncIterable<Uint8Array>,
    callers: AbortSignal,
  ): AsyncIterable<ImportedVolume> {
    let receivedBytes = 0;
    const counted = counting(archive, (bytes) => (receivedBytes += bytes));
    const record = await this.parts.tasks.run('volume-import', input.name, ({ signal }) =>
      this.importFrom(input, counted, AbortSignal.any([callers, signal])),
    );
    publishVolume(this.parts, 'import', input.name);
    yield { volume: volumeOf(this.parts, record), receivedBytes };
  }

  private importFrom(
    { name, labels, replace }: InputOf<'import'>,
    archive: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<VolumeRecord> {
    const { records, store } = this.parts;
    if (replace && records.get(name) !== undefined) return this.replace(name, archive, signal);
    const order = { name, anonymous: false, options: {}, labels };
    const make = (record: VolumeRecord) => store.import(toSpec(record), null, archive, { signal });
    return this.creation.addNew(order, make, signal);
  }

  private replace(
    name: string,
    archive: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<VolumeRecord> {
    const { records, store, use } = this.parts;
    const replace = async (): Promise<VolumeRecord> => {
      const record = records.get(name);
      if (record === undefined) throw noSuchVolume(name);
      const running = use.usersOf(name).filter((user) => user.running);
      if (running.length > 0) throw inUseByRunning(name, running);
      await store.import(toSpec(record), newTrashId(), archive, { signal });
      return record;
    };
    return alone(this.parts, name, replace, signal);
  }
}

async function* counting(
  pieces: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    count(piece.byteLength);
    yield piece;
  }
}

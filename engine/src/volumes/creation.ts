import { randomBytes } from 'node:crypto';
import type { InputOf } from './handler-input.ts';
import { alone, type Parts } from './parts.ts';
import type { VolumeRecord } from './record.ts';
import { differsInCase, existsAlready, existsOtherwise } from './refused.ts';
import { toSpec } from './stored-record.ts';
import { publishVolume } from './volume-events.ts';
import type { VolumeOrder } from './volume-source.ts';

type Pairs = Readonly<Record<string, string>>;

/** A name such as Docker gives to volumes that nobody named. */
export function anonymousName(): string {
  return randomBytes(32).toString('hex');
}

/**
 * Makes volumes. The data's keeper makes one first, with the record as text beside it, then it is written down here: an
 * engine that ends between the two finds the volume again.
 */
export class Creation {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async create(request: InputOf<'create'>, signal: AbortSignal): Promise<VolumeRecord> {
    const { labels, options } = request;
    const name = request.name ?? anonymousName();
    const order = { name, anonymous: request.name === undefined, labels, options };
    const record = await this.ensure(order, signal);
    if (isOther(record.labels, labels)) throw existsOtherwise(name, 'labels');
    return record;
  }

  /** The one that is there, or a new one. */
  ensure(order: VolumeOrder, signal?: AbortSignal): Promise<VolumeRecord> {
    const { records, store } = this.parts;
    const make = async (): Promise<VolumeRecord> => {
      const known = records.get(order.name);
      if (known !== undefined) {
        if (isOther(known.options, order.options)) throw existsOtherwise(order.name, 'options');
        return known;
      }
      return this.add(order, (record) => store.create(toSpec(record), { signal }));
    };
    return alone(this.parts, order.name, make, signal);
  }

  /** A new one that `make` gives its data. */
  addNew(
    order: VolumeOrder,
    make: (record: VolumeRecord) => Promise<unknown>,
    signal?: AbortSignal,
  ): Promise<VolumeRecord> {
    const add = (): Promise<VolumeRecord> => {
      if (this.parts.records.get(order.name) !== undefined) throw existsAlready(order.name);
      return this.add(order, make);
    };
    return alone(this.parts, order.name, add, signal);
  }

  private async add(
    order: VolumeOrder,
    make: (record: VolumeRecord) => Promise<unknown>,
  ): Promise<VolumeRecord> {
    const { records, clock } = this.parts;
    const folded = order.name.toLowerCase();
    const other = records.ids().find((name) => name.toLowerCase() === folded);
    if (other !== undefined) throw differsInCase(order.name, other);
    const record = { ...order, createdAt: clock.now().toISOString() };
    await make(record);
    await records.put(order.name, record);
    publishVolume(this.parts, 'create', order.name);
    return record;
  }
}

/** Whoever asks for nothing takes what there is. */
function isOther(there: Pairs, asked: Pairs): boolean {
  const names = Object.keys(asked);
  if (names.length === 0) return false;
  return names.length !== Object.keys(there).length || names.some((name) => there[name] !== asked[name]);
}

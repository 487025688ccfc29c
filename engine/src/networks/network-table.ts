import { EngineError } from '../errors/index.ts';
import { builtInNetworks, type Network } from './built-in.ts';
import type { HostNetwork } from '../runtime/index.ts';
import type { NetworkRecord } from './record.ts';

/** All networks of this engine, found by id, name, or the beginning of an id. Case does not tell two names apart. */
export class NetworkTable {
  private readonly records = new Map<string, NetworkRecord>();
  /** Lower case name to id; a name is in here before its network is, so that two creations cannot both have it. */
  private readonly names = new Map<string, string>();
  private bridge: HostNetwork | null = null;

  /** Built-in ones first. */
  all(): readonly Network[] {
    return [...builtInNetworks(this.bridge), ...this.custom().map(asNetwork)];
  }

  custom(): readonly NetworkRecord[] {
    return [...this.records.values()];
  }

  get(id: string): NetworkRecord | undefined {
    return this.records.get(id);
  }

  /** Null when there is none of this id. */
  network(id: string): Network | null {
    return this.all().find((network) => network.id === id) ?? null;
  }

  byName(name: string): Network | null {
    return this.all().find((network) => network.name === name) ?? null;
  }

  /** Docker's order: a whole id, then a name, then an unambiguous beginning of an id. */
  find(idOrName: string): Network {
    const exact = this.network(idOrName) ?? this.byName(idOrName);
    if (exact !== null) return exact;
    const matches = /^[0-9a-f]+$/.test(idOrName)
      ? this.all().filter(({ id }) => id.startsWith(idOrName))
      : [];
    if (matches.length > 1) throw ambiguous(idOrName);
    const [match] = matches;
    if (match !== undefined) return match;
    throw new EngineError('not-found', `No such network: ${idOrName}`, {
      detail: { step: 'network', path: idOrName },
    });
  }

  /** Takes the name for the id, or fails with `already-exists`. */
  reserveName(name: string, id: string): void {
    const holder = this.names.get(name.toLowerCase());
    if (holder !== undefined && holder !== id) {
      throw nameTaken(name, this.records.get(holder)?.name ?? name);
    }
    this.names.set(name.toLowerCase(), id);
  }

  /** Frees a name, if this id has it. */
  releaseName(name: string, id: string): void {
    if (this.names.get(name.toLowerCase()) === id) this.names.delete(name.toLowerCase());
  }

  /** New or changed. Its name must be reserved or free. */
  put(record: NetworkRecord): void {
    this.reserveName(record.name, record.id);
    this.records.set(record.id, record);
  }

  /** At the start. Two records of one name, in a state folder that was edited by hand: the later gets its id behind the name. */
  adopt(record: NetworkRecord): void {
    const isTaken = this.names.has(record.name.toLowerCase());
    this.put(isTaken ? { ...record, name: `${record.name}_${record.id.slice(0, 12)}` } : record);
  }

  /** Whether a network of this id is here, or is being made. */
  isReserved(id: string): boolean {
    return [...this.names.values()].includes(id);
  }

  remove({ id, name }: NetworkRecord): void {
    this.records.delete(id);
    this.releaseName(name, id);
  }

  setBridge(bridge: HostNetwork): void {
    this.bridge = bridge;
  }
}

function asNetwork(record: NetworkRecord): Network {
  return { ...record, builtIn: false };
}

function nameTaken(name: string, holder: string): EngineError {
  const message =
    name === holder
      ? `name: there is a network "${name}" already.`
      : `name: "${name}" and the name of the network "${holder}" differ only in case.`;
  return new EngineError('already-exists', message, {
    detail: { step: 'settings', path: 'name' },
    hint: 'Choose another name, or remove that network.',
  });
}

function ambiguous(prefix: string): EngineError {
  return new EngineError('invalid-argument', `Several networks have an id that begins with ${prefix}.`, {
    detail: { path: prefix },
    hint: 'Give more of the id, or the name.',
  });
}

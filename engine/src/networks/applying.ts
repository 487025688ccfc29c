import { EngineError, isEngineError } from '../errors/index.ts';
import { DEFAULT_NETWORK_ID, type HostNetwork } from '../runtime/index.ts';
import { definitionOf, withChoices } from './definition.ts';
import type { Parts } from './parts.ts';
import type { NetworkRecord } from './record.ts';

/**
 * Keeps the machine's networks as the records say: whenever its agent comes up, every network is applied, and those that
 * no record knows and nobody is on go. A network that could not be made is tried again when a container needs it.
 */
export class Applying {
  private readonly parts: Parts;
  /** Of the present agent, by id; what failed is not in here. */
  private readonly applied = new Map<string, Promise<HostNetwork>>();
  private passing: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(parts: Parts) {
    this.parts = parts;
    parts.agent.onStateChange(({ status }) => {
      if (status !== 'running') this.applied.clear();
      else this.begin();
    });
    if (parts.agent.state.status === 'running') this.begin();
  }

  get settled(): Promise<void> {
    return this.passing;
  }

  /** Resolves when the machine has the network. */
  ensure(record: NetworkRecord): Promise<HostNetwork> {
    const known = this.applied.get(record.id);
    if (known !== undefined) return known;
    const applying = this.apply(record);
    this.applied.set(record.id, applying);
    applying.catch(() => {
      if (this.applied.get(record.id) === applying) this.applied.delete(record.id);
    });
    return applying;
  }

  /** It was made a moment ago. */
  made(network: HostNetwork): void {
    this.applied.set(network.definition.id, Promise.resolve(network));
  }

  /** It is gone from the machine. */
  forget(id: string): void {
    this.applied.delete(id);
  }

  /** Ends with what is under way; nothing more begins. */
  async close(): Promise<void> {
    this.closed = true;
    await this.passing;
  }

  private begin(): void {
    if (this.closed) return;
    this.passing = this.passing.then(() => this.pass()).catch((thrown: unknown) => this.tell(thrown));
  }

  private async pass(): Promise<void> {
    const { host, table, records } = this.parts;
    const present = await host.list();
    const bridge = present.find(({ definition }) => definition.id === DEFAULT_NETWORK_ID);
    if (bridge !== undefined) table.setBridge(bridge);
    // A record in quarantine may be one of these networks'.
    if (!records.isIncomplete) await this.removeUnknown(present);
    for (const record of table.custom()) {
      try {
        await this.ensure(record);
      } catch (thrown) {
        if (isEngineError(thrown, 'unavailable')) throw thrown;
        this.parts.report(`The network ${record.name} could not be made on this machine.`, thrown);
      }
    }
  }

  private async removeUnknown(present: readonly HostNetwork[]): Promise<void> {
    const { host, table } = this.parts;
    for (const { definition, members } of present) {
      const isKnown = definition.id === DEFAULT_NETWORK_ID || table.isReserved(definition.id);
      if (!isKnown && members.length === 0) await host.remove(definition.id);
    }
  }

  private async apply(record: NetworkRecord): Promise<HostNetwork> {
    const { host, records, table } = this.parts;
    const network = await host.apply(definitionOf(record));
    const chosen = withChoices(record, network);
    // One that is being made has no record yet: it gets its choices with it.
    if (table.get(record.id) === undefined || isSame(record, chosen)) return network;
    await records.put(record.id, chosen);
    table.put(chosen);
    return network;
  }

  /** An agent that has gone is told again when it comes back. */
  private tell(thrown: unknown): void {
    if (isEngineError(thrown, 'unavailable') || this.closed) return;
    this.parts.report('The networks of this machine could not be checked.', thrown);
  }
}

function isSame(one: NetworkRecord, other: NetworkRecord): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function gone(name: string): EngineError {
  return new EngineError('failed-precondition', `The network ${name} has been removed.`, {
    detail: { step: 'network', path: name },
    hint: `Make it anew ("longshore network create ${name}"), or take the container off it ("longshore network disconnect").`,
  });
}

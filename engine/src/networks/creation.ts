import { randomBytes } from 'node:crypto';
import type { NetworkRequest } from '../contract/index.ts';
import { isEngineError } from '../errors/index.ts';
import { isVersion6 } from '../addresses/index.ts';
import type { HostNetwork } from '../runtime/index.ts';
import type { Applying } from './applying.ts';
import { definitionOf, withChoices } from './definition.ts';
import { publishNetwork } from './network-events.ts';
import type { Parts } from './parts.ts';
import type { NetworkRecord } from './record.ts';
import { checkOverlap, checkRequest } from './request-checks.ts';

/** Makes networks: on the machine first, then on disk. A failure leaves neither. */
export class Creation {
  private readonly parts: Parts;
  private readonly applying: Applying;

  constructor(parts: Parts, applying: Applying) {
    this.parts = parts;
    this.applying = applying;
  }

  async create(request: NetworkRequest, signal: AbortSignal): Promise<NetworkRecord> {
    const { table, host } = this.parts;
    checkRequest(request);
    const asked = this.newRecord(request);
    const definition = definitionOf(asked);
    checkOverlap(request.subnets, table.all());
    table.reserveName(asked.name, asked.id);
    try {
      const network = await host.apply(definition, { signal });
      return await this.keep(asked, network);
    } catch (thrown) {
      table.releaseName(asked.name, asked.id);
      await this.takeBack(asked);
      throw thrown;
    }
  }

  private async keep(asked: NetworkRecord, network: HostNetwork): Promise<NetworkRecord> {
    const { records, table } = this.parts;
    const record = withChoices(asked, network);
    await records.put(record.id, record);
    table.put(record);
    this.applying.made(network);
    publishNetwork(this.parts, 'create', record);
    return record;
  }

  /** A call that failed may have made it all the same. What cannot be removed now goes when the agent comes up again. */
  private async takeBack({ id, name }: NetworkRecord): Promise<void> {
    try {
      await this.parts.host.remove(id);
    } catch (thrown) {
      if (isEngineError(thrown, 'unavailable') || isEngineError(thrown, 'not-implemented')) return;
      this.parts.report(
        `The network ${name}, which could not be made, may still be on this machine.`,
        thrown,
      );
    }
  }

  private newRecord(request: NetworkRequest): NetworkRecord {
    const { name, driver, ipv4, internal, attachable, labels, options, subnets } = request;
    return {
      id: randomBytes(32).toString('hex'),
      name,
      driver,
      createdAt: this.parts.clock.now().toISOString(),
      ipv4,
      ipv6: request.ipv6 ?? subnets.some(({ subnet }) => isVersion6(subnet)),
      internal,
      attachable,
      labels,
      options,
      subnets: subnets.map(({ subnet, gateway, range, reserved }) => ({
        subnet,
        gateway: gateway ?? null,
        range: range ?? null,
        reserved,
      })),
      link: '',
    };
  }
}

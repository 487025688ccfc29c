import { EngineError } from '../../errors/index.ts';
import type { PortPublication, PublishedPort } from '../../types/index.ts';

const EPHEMERAL = { first: 49_152, last: 65_535 };

/** Who has which port of a machine in memory. */
export class FakePorts {
  private readonly published = new Map<string, readonly PublishedPort[]>();

  of(containerId: string): readonly PublishedPort[] {
    return this.published.get(containerId) ?? [];
  }

  /** All of them or none. */
  publish(containerId: string, publications: readonly PortPublication[]): readonly PublishedPort[] {
    const ports: PublishedPort[] = [];
    for (const publication of publications) {
      const { containerPort, protocol } = publication;
      const hostAddress = publication.hostAddress ?? '0.0.0.0';
      const hostPort = this.freePort({ ...publication, hostAddress }, ports);
      ports.push({ containerPort, protocol, hostAddress, hostPort });
    }
    this.published.set(containerId, ports);
    return ports;
  }

  release(containerId: string): void {
    this.published.delete(containerId);
  }

  private freePort(asked: PortPublication, mine: readonly PublishedPort[]): number {
    const { first, last } = asked.hostPorts ?? EPHEMERAL;
    for (let port = first; port <= last; port += 1) {
      if (this.holder(asked, port, mine) === null) return port;
    }
    const holder = this.holder(asked, first, mine) ?? '';
    throw new EngineError('conflict', `Port ${first}/${asked.protocol} of this machine is taken.`, {
      detail: { step: 'port', path: String(first) },
      hint: `Container ${holder} has it; ${last + 1} is free.`,
    });
  }

  private holder(asked: PortPublication, hostPort: number, mine: readonly PublishedPort[]): string | null {
    const isSame = (port: PublishedPort): boolean =>
      port.hostPort === hostPort &&
      port.protocol === asked.protocol &&
      port.hostAddress === asked.hostAddress;
    if (mine.some(isSame)) return 'this one';
    return [...this.published].find(([, ports]) => ports.some(isSame))?.[0] ?? null;
  }
}

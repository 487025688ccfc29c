import type { AttachmentRequest } from '../../contract/index.ts';
import { EngineError, isEngineError } from '../../errors/index.ts';
import type { NetworkAttachment } from '../../types/index.ts';
import type { Container } from '../container.ts';
import type { Parts } from '../parts.ts';
import { attachmentOf } from './attachments.ts';
import { dnsNames, endpointRequest } from './endpoints.ts';

/** Puts containers on networks and takes them off: in the kernel where they run, and on disk; or neither. */
export class Connections {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  connect(container: Container, request: AttachmentRequest, signal: AbortSignal): Promise<void> {
    return this.locked(container, () => this.connectLocked(container, request, signal), signal);
  }

  disconnect(container: Container, networkId: string, signal: AbortSignal): Promise<void> {
    return this.locked(container, () => this.disconnectLocked(container, networkId, signal), signal);
  }

  private async connectLocked(
    container: Container,
    request: AttachmentRequest,
    signal: AbortSignal,
  ): Promise<void> {
    const { networks, table } = this.parts;
    checkConnectable(container);
    const attachment = attachmentOf(request, networks, (peer) => {
      const { id, name, record } = table.find(peer);
      return { id, name, spec: record.spec };
    });
    const { network } = attachment;
    if (attachmentTo(container, network.id) !== undefined) throw isConnected(container, network.name);
    const isLive = await this.join(container, attachment, signal);
    try {
      await this.store(container, [...container.record.spec.networks, attachment]);
    } catch (thrown) {
      if (isLive) await this.takeBack(container, attachment);
      throw thrown;
    }
    if (isLive) networks.memberChanged('connect', network.id, container.id);
  }

  /** On disk first: what comes after a crash in between is what was asked for. */
  private async disconnectLocked(
    container: Container,
    networkId: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { networks, networkHost } = this.parts;
    const attachment = attachmentTo(container, networkId);
    if (attachment === undefined) throw isNotConnected(container, networks.find(networkId).name);
    const before = container.record.spec.networks;
    await this.store(
      container,
      before.filter((other) => other !== attachment),
    );
    if (!container.running) return;
    try {
      const ports = await networkHost.disconnect(container.id, networkId, { signal });
      container.setPlaces(
        container.addresses.filter(({ network }) => network !== networkId),
        ports,
      );
    } catch (thrown) {
      if (isOver(container, thrown)) return;
      await this.store(container, before);
      throw thrown;
    }
    networks.memberChanged('disconnect', networkId, container.id);
  }

  /** False when it does not run: its next start brings the network along. */
  private async join(
    container: Container,
    attachment: NetworkAttachment,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { networks, networkHost } = this.parts;
    if (!container.running) return false;
    const network = await networks.ready(attachment.network, signal);
    const endpoint = endpointRequest(container.record, attachment, network);
    try {
      const { address, ports } = await networkHost.connect(container.id, endpoint, { signal });
      container.setPlaces([...container.addresses, address], ports);
      return true;
    } catch (thrown) {
      if (isOver(container, thrown)) return false;
      throw thrown;
    }
  }

  private async takeBack(container: Container, { network }: NetworkAttachment): Promise<void> {
    try {
      const ports = await this.parts.networkHost.disconnect(container.id, network.id);
      container.setPlaces(
        container.addresses.filter((address) => address.network !== network.id),
        ports,
      );
    } catch (thrown) {
      this.parts.report(
        `Container ${container.name} stays on ${network.name} until it ends, which could not be stored.`,
        thrown,
      );
    }
  }

  private async store(container: Container, networks: readonly NetworkAttachment[]): Promise<void> {
    const changed = (): Container['record'] => {
      const { record } = container;
      return { ...record, spec: { ...record.spec, networks } };
    };
    await this.parts.records.put(container.id, changed());
    container.setRecord(changed());
  }

  private locked(container: Container, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const checked = async (): Promise<void> => {
      if (container.removed) throw new EngineError('not-found', `No such container: ${container.name}`);
      await work();
    };
    return this.parts.mutex.run(container.id, checked, signal);
  }
}

/** It was renamed while it runs: others find it by its new name. */
export async function renameOnNetworks(parts: Parts, container: Container): Promise<void> {
  if (!container.running) return;
  const { networkHost, networks, report } = parts;
  for (const { network, aliases } of container.record.spec.networks) {
    if (networks.current(network)?.hasNames !== true) continue;
    try {
      await networkHost.setNames(container.id, network.id, dnsNames(container.record, aliases));
    } catch (thrown) {
      if (isOver(container, thrown)) return;
      report(
        `Container ${container.name} keeps its old name on ${network.name} until its next start.`,
        thrown,
      );
    }
  }
}

function attachmentTo(container: Container, networkId: string): NetworkAttachment | undefined {
  return container.record.spec.networks.find(({ network }) => network.id === networkId);
}

/** It ended in this moment. */
function isOver(container: Container, thrown: unknown): boolean {
  return isEngineError(thrown, 'failed-precondition') && !container.running;
}

function checkConnectable({ name, record }: Container): void {
  const { network } = record.spec;
  if (network === 'bridge') return;
  throw new EngineError(
    'failed-precondition',
    `Container ${name} was made with --network ${network}: it cannot be connected to another.`,
    { detail: { step: 'network', path: name }, hint: 'Make it anew on the networks that it is to have.' },
  );
}

function isConnected({ name }: Container, network: string): EngineError {
  return new EngineError('already-exists', `Container ${name} is on the network ${network} already.`, {
    detail: { step: 'network', path: name },
  });
}

function isNotConnected({ name }: Container, network: string): EngineError {
  return new EngineError('failed-precondition', `Container ${name} is not on the network ${network}.`, {
    detail: { step: 'network', path: name },
  });
}

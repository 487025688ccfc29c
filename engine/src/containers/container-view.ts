import type { ContainerDetails, ContainerSummary } from '../types/index.ts';
import type { Container } from './container.ts';
import { networksOf } from './networking/network-view.ts';
import { reasonsOf } from './reasons.ts';

export function summaryOf(container: Container): ContainerSummary {
  const { record } = container;
  return {
    id: record.id,
    name: record.name,
    image: record.image,
    command: [...record.spec.entrypoint, ...record.spec.command],
    createdAt: record.createdAt,
    state: container.state,
    tty: record.spec.tty,
    networks: networksOf(container),
    ports: container.ports,
    exposedPorts: record.spec.exposedPorts,
    labels: record.spec.labels,
  };
}

export function detailsOf(container: Container): ContainerDetails {
  const { spec, platform, warnings } = container.record;
  return { ...summaryOf(container), spec, platform, warnings, reasons: reasonsOf(container.state) };
}

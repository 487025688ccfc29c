import type { ContainerDetails, ContainerSummary } from '../types/index.ts';
import type { Container } from './container.ts';
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
    addresses: container.running ? container.addresses : [],
    labels: record.spec.labels,
  };
}

export function detailsOf(container: Container): ContainerDetails {
  const { spec, platform, warnings } = container.record;
  return { ...summaryOf(container), spec, platform, warnings, reasons: reasonsOf(container.state) };
}

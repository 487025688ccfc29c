import type { ContainerDetails, ContainerSummary } from '../types/index.ts';
import type { Container } from './container.ts';
import { networksOf } from './networking/network-view.ts';
import { reasonsOf } from './reasons.ts';

/** A container as the engine's callers see it, at one revision. */
interface View {
  readonly revision: number;
  readonly summary: ContainerSummary;
  readonly details: ContainerDetails;
}

const views = new WeakMap<Container, View>();

/** The same object until the container changes: lists of a thousand ask for it again and again. */
export function summaryOf(container: Container): ContainerSummary {
  return viewOf(container).summary;
}

/** The same object until the container changes. */
export function detailsOf(container: Container): ContainerDetails {
  return viewOf(container).details;
}

function viewOf(container: Container): View {
  const known = views.get(container);
  if (known?.revision === container.revision) return known;
  const { spec, platform, warnings } = container.record;
  const summary = summarize(container);
  const details = { ...summary, spec, platform, warnings, reasons: reasonsOf(summary.state) };
  const view = { revision: container.revision, summary, details };
  views.set(container, view);
  return view;
}

function summarize(container: Container): ContainerSummary {
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

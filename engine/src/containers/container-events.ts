import type { NewEvent } from '../events/index.ts';
import type { ContainerAction, ContainerExit } from '../types/index.ts';
import type { Container } from './container.ts';

/** Where events go: the event bus. */
export interface EventSink {
  publish(event: NewEvent): unknown;
}

interface Details {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly exit?: ContainerExit;
  /** When it happened, if earlier than now. */
  readonly at?: string;
}

export function publishContainer(
  events: EventSink,
  action: ContainerAction,
  container: Container,
  { attributes = {}, exit, at }: Details = {},
): void {
  if (action === 'start') publishVolumes(events, 'mount', container);
  events.publish({
    type: 'container',
    action,
    id: container.id,
    name: container.name,
    image: container.record.image.asked ?? container.record.image.reference,
    attributes: { ...container.record.spec.labels, ...attributes },
    ...(exit !== undefined && { exit }),
    ...(at !== undefined && { at }),
  });
}

/** What it has while it runs, with Docker's attributes. */
function publishVolumes(events: EventSink, action: 'mount' | 'unmount', { id, record }: Container): void {
  for (const mount of record.spec.mounts) {
    if (mount.type !== 'volume') continue;
    const { source, target, readOnly } = mount;
    const attributes = {
      driver: 'local',
      container: id,
      destination: target,
      'read/write': String(!readOnly),
      propagation: '',
    };
    events.publish({ type: 'volume', action, name: source, attributes });
  }
}

/** Docker's `die`: `exitCode`, and how long it ran in whole seconds. */
export function publishDie(events: EventSink, container: Container, exit: ContainerExit): void {
  const began = container.startedAt === null ? Number.NaN : Date.parse(container.startedAt);
  const seconds = Math.max(0, Math.round((Date.parse(exit.at) - began) / 1000));
  const execDuration = Number.isNaN(seconds) ? {} : { execDuration: String(seconds) };
  publishContainer(events, 'die', container, {
    attributes: { exitCode: String(exit.code), ...execDuration },
    exit,
    at: exit.at,
  });
  publishVolumes(events, 'unmount', container);
}

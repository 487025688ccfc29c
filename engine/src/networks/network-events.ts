import type { NetworkAction } from '../types/index.ts';
import type { Parts } from './parts.ts';

/** With Docker's attributes. */
export function publishNetwork(
  { events }: Pick<Parts, 'events'>,
  action: Exclude<NetworkAction, 'prune'>,
  { id, name, driver }: { readonly id: string; readonly name: string; readonly driver: string },
  containerId?: string,
): void {
  const attributes = { name, type: driver, ...(containerId !== undefined && { container: containerId }) };
  events.publish({ type: 'network', action, id, name, attributes });
}

export function publishPrune({ events }: Pick<Parts, 'events'>, removed: number): void {
  const attributes = { removed: String(removed) };
  events.publish({ type: 'network', action: 'prune', id: '', name: '', attributes });
}

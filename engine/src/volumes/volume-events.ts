import type { VolumeAction } from '../types/index.ts';
import type { Parts } from './parts.ts';

/** With Docker's attributes. */
export function publishVolume(
  { events }: Pick<Parts, 'events'>,
  action: Exclude<VolumeAction, 'mount' | 'unmount' | 'prune' | 'purge'>,
  name: string,
): void {
  events.publish({ type: 'volume', action, name, attributes: { driver: 'local' } });
}

/** Of many at once. */
export function publishFreed(
  { events }: Pick<Parts, 'events'>,
  action: 'prune' | 'purge',
  freedBytes: number,
): void {
  events.publish({ type: 'volume', action, name: '', attributes: { reclaimed: String(freedBytes) } });
}

import type { Container } from './container.ts';
import type { Parts } from './parts.ts';

/**
 * Stores what the container's record says, behind the back of whoever waits for an answer: until it is on disk, the
 * runtime still knows the same. Never brings back a record that was removed.
 */
export function persistLater({ records, background }: Parts, container: Container): void {
  if (container.removed) return;
  background.add(
    `The record of container ${container.name} could not be stored.`,
    records.put(container.id, container.record),
  );
}

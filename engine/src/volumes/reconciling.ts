import { BUILD_VOLUMES } from '../runtime/index.ts';
import type { Parts } from './parts.ts';
import { recordOf } from './stored-record.ts';

/**
 * Makes the records say what the data's keeper has, after a start: volumes that were made or restored in an engine's
 * last moment are written down, records of removed ones go. A volume that a container has keeps its record.
 */
export async function reconcile(parts: Parts, signal: AbortSignal): Promise<void> {
  const { records, store, use, report } = parts;
  // What is made from here on is not in the list, and not in these.
  const known = records.ids();
  const stored = await store.list({ signal });
  for (const volume of stored) {
    if (volume.spec.name.startsWith(BUILD_VOLUMES)) continue;
    if (records.get(volume.spec.name) === undefined) await records.put(volume.spec.name, recordOf(volume));
  }
  const names = new Set(stored.map(({ spec }) => spec.name));
  for (const name of known.filter((each) => !names.has(each))) {
    if (use.usersOf(name).length === 0) await records.delete(name);
    else report(`The data of volume ${name} is gone; containers that have it cannot start.`);
  }
}

import type { z } from 'zod';
import type { Report } from '../background.ts';
import { type DataFolder, RecordStore } from '../metadata/index.ts';

/** The records of one noun; a damaged one is put aside and reported, and the others are there. */
export async function openRecords<T>(
  folder: DataFolder,
  noun: 'container' | 'network' | 'volume',
  schema: z.ZodType<T>,
  report: Report,
): Promise<RecordStore<T>> {
  const directory = folder.stateDirectory(`${noun}s`);
  const records = await RecordStore.open({ directory, schema });
  for (const { id, reason, path } of records.quarantined) {
    report(`The record of ${noun} ${id} is damaged (${reason}); it was put aside as ${path}.`);
  }
  return records;
}

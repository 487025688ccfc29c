import { EngineError } from '@longshore/engine/errors';
import type { SaveAnswer, SaveDoor } from './save-door.ts';
import { collectBlob } from './collect-blob.ts';
import { downloadBlob } from './download.ts';

export interface SaveOptions {
  readonly name: string;
  /** MIME type. */
  readonly type: string;
  readonly signal: AbortSignal;
  /** Is told how many bytes there are so far. */
  readonly progress?: (bytes: number) => void;
}

/**
 * Saves a file: in the window where the person says, straight to the disk, in the dashboard as a download of the
 * browser. `pieces` is asked for only once there is a place for them. False when the person gave up.
 */
export async function saveFile(
  pieces: () => AsyncIterable<Uint8Array>,
  { name, type, signal, progress = () => undefined }: SaveOptions,
): Promise<boolean> {
  const door = window.longshore?.saveFile;
  if (door !== undefined) return saveToDisk(door, pieces, { name, type, signal, progress });
  const blob = await collectBlob(pieces(), type, progress);
  if (signal.aborted) return false;
  downloadBlob(name, blob);
  return true;
}

async function saveToDisk(
  door: SaveDoor,
  pieces: () => AsyncIterable<Uint8Array>,
  { name, signal, progress }: Required<SaveOptions>,
): Promise<boolean> {
  const started = await door.start(name);
  if (!started.ok) throw refused(started.reason);
  const { id } = started;
  if (id === null) return false;
  let whole = false;
  try {
    let bytes = 0;
    for await (const piece of pieces()) {
      check(await door.write(id, piece));
      bytes += piece.length;
      progress(bytes);
    }
    whole = !signal.aborted;
  } finally {
    if (!whole) await door.end(id, false);
  }
  if (whole) check(await door.end(id, true));
  return whole;
}

function check(answer: SaveAnswer): void {
  if (!answer.ok) throw refused(answer.reason);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: the file was not saved.',
  EDQUOT: 'Your space on the disk is used up: the file was not saved.',
  EACCES: 'You may not write to this folder.',
  EROFS: 'Nothing can be written to this disk.',
};

function refused(reason: string): EngineError {
  return new EngineError('unavailable', REASONS[reason] ?? 'The file could not be saved.', {
    ...(reason !== '' && { detail: { errno: reason } }),
    hint: 'Choose another place for it.',
  });
}

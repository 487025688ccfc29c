import { joined, type TarEntry, unpackTar } from '../../lib/tar/index.ts';
import type { FileStore } from './file-store.ts';

export interface ReadStart {
  readonly bytes: Uint8Array;
  /** There is more than was read. */
  readonly cut: boolean;
}

/** The first bytes of one file; what comes after them is not fetched. */
export async function readStart(
  store: FileStore,
  path: string,
  most: number,
  signal: AbortSignal,
): Promise<ReadStart> {
  for await (const entry of unpackTar(archiveBytes(store, path, signal))) {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of entry.data) {
      pieces.push(piece.slice());
      length += piece.length;
      if (length > most) break;
    }
    return { bytes: joined(pieces).subarray(0, most), cut: length > most };
  }
  return { bytes: new Uint8Array(0), cut: false };
}

/** The bytes of one file, without the archive around them. */
export async function* fileBytes(
  store: FileStore,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const entry of unpackTar(archiveBytes(store, path, signal))) {
    yield* entry.data;
    return;
  }
}

/** A file or a folder as the archive that the engine makes of it. */
export async function* archiveBytes(
  store: FileStore,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const piece of store.read(path, { signal })) {
    if (piece.kind === 'data') yield piece.data;
  }
}

/** The entries of several files and folders, one after another. */
export async function* entriesOf(
  store: FileStore,
  paths: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<TarEntry> {
  for (const path of paths) {
    for await (const entry of unpackTar(archiveBytes(store, path, signal))) {
      if (entry.type !== 'other') yield entry;
    }
  }
}

const PICTURES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
  bmp: 'image/bmp',
  avif: 'image/avif',
};

/** The MIME type of a picture that a browser shows; undefined of everything else. */
export function pictureType(name: string): string | undefined {
  return PICTURES[/\.([a-z]+)$/.exec(name.toLowerCase())?.[1] ?? ''];
}

/** Text in UTF-8; undefined when it is something else. A character that was cut at the end is left out. */
export function textOf({ bytes, cut }: ReadStart): string | undefined {
  if (bytes.includes(0)) return undefined;
  for (let short = 0; short <= (cut ? 3 : 0); short += 1) {
    try {
      const whole = bytes.subarray(0, bytes.length - short);
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(whole);
    } catch {
      // Cut in the middle of a character, perhaps.
    }
  }
  return undefined;
}

const CHUNK = 32_768;

/** The content security policy lets a picture come as data, not as a blob. */
export function dataUrl(bytes: Uint8Array, type: string): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return `data:${type};base64,${btoa(binary)}`;
}

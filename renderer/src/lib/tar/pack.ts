import { BLOCK, padding, type TarHeader, writeHeader } from './header.ts';

export interface TarSource extends TarHeader {
  /** Of a file: exactly `sizeBytes` of them. */
  readonly data?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A file as an archive has it by default: readable by all, owned by root, changed now. */
export function fileSource(path: string, part: Partial<TarSource> = {}): TarSource {
  return {
    path,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    modifiedMs: Date.now(),
    sizeBytes: 0,
    linkTarget: '',
    ...part,
  };
}

/** One archive of all sources. Fails when a file is not as long as it was said to be. */
export async function* packTar(
  sources: AsyncIterable<TarSource> | Iterable<TarSource>,
): AsyncGenerator<Uint8Array> {
  for await (const source of sources) {
    yield writeHeader(source);
    let written = 0;
    for await (const piece of source.data ?? []) {
      written += piece.length;
      yield piece;
    }
    if (written !== source.sizeBytes) throw new Error(`${source.path} changed while it was read.`);
    if (padding(written) > 0) yield new Uint8Array(padding(written));
  }
  yield new Uint8Array(2 * BLOCK);
}

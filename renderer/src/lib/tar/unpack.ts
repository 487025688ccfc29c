import { BLOCK, FIELD, type FieldName, padding, type TarHeader, type TarType } from './header.ts';

export interface TarEntry extends TarHeader {
  /** Read it, or go on to the next entry: what was not read is passed over. */
  readonly data: AsyncIterable<Uint8Array>;
}

const TYPES: Readonly<Record<string, TarType>> = {
  '0': 'file',
  '\0': 'file',
  '5': 'directory',
  '2': 'link',
};

/** Names and other words before a file are held in memory; no honest one is longer. */
const MOST_METADATA = 1024 * 1024;

const utf8 = new TextDecoder();

/** The entries of an archive in their order, with pax and GNU long names resolved. Understands ustar, pax and GNU tar. */
export async function* unpackTar(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const source = new ByteSource(pieces);
  let said: Readonly<Record<string, string>> = {};
  for (;;) {
    const block = await source.take(BLOCK);
    if (block === undefined || block.every((byte) => byte === 0)) return;
    const header = headerOf(block);
    const flag = field(block, 'flag') || '\0';
    if ('xgLK'.includes(flag)) {
      if (header.sizeBytes > MOST_METADATA) throw new Error('The archive has a name of impossible length.');
      const body = await source.exactly(header.sizeBytes + padding(header.sizeBytes));
      const text = utf8.decode(body.subarray(0, header.sizeBytes));
      if (flag === 'x') said = { ...said, ...paxRecords(text) };
      else if (flag === 'L') said = { ...said, path: text.replace(/\0.*$/s, '') };
      else if (flag === 'K') said = { ...said, linkpath: text.replace(/\0.*$/s, '') };
      continue;
    }
    const sizeBytes = said['size'] === undefined ? header.sizeBytes : Number(said['size']);
    const body = new EntryData(source, sizeBytes);
    yield {
      ...header,
      path: (said['path'] ?? header.path).replace(/\/$/, ''),
      linkTarget: said['linkpath'] ?? header.linkTarget,
      type: TYPES[flag] ?? 'other',
      sizeBytes,
      data: body,
    };
    await body.skip();
    await source.exactly(padding(sizeBytes));
    said = {};
  }
}

function field(block: Uint8Array, name: FieldName): string {
  const [offset, length] = FIELD[name];
  const end = block.subarray(offset, offset + length).indexOf(0);
  return utf8.decode(block.subarray(offset, offset + (end < 0 ? length : end)));
}

function octal(block: Uint8Array, name: FieldName): number {
  const [offset, length] = FIELD[name];
  const first = block[offset] ?? 0;
  if ((first & 0x80) === 0) return Number.parseInt(field(block, name).trim() || '0', 8);
  // GNU's base 256, for what is too large for octal digits.
  return block
    .subarray(offset + 1, offset + length)
    .reduce((value, byte) => value * 256 + byte, first & 0x7f);
}

function headerOf(block: Uint8Array): TarHeader {
  const [at, length] = FIELD.checksum;
  const sum = block.reduce(
    (total, byte, index) => total + (index >= at && index < at + length ? 32 : byte),
    0,
  );
  if (sum !== octal(block, 'checksum')) throw new Error('This is no tar archive, or it is damaged.');
  const prefix = field(block, 'magic').startsWith('ustar') ? field(block, 'prefix') : '';
  const name = field(block, 'name');
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    type: 'file',
    mode: octal(block, 'mode') & 0o7777,
    uid: octal(block, 'uid'),
    gid: octal(block, 'gid'),
    modifiedMs: octal(block, 'modified') * 1000,
    sizeBytes: octal(block, 'size'),
    linkTarget: field(block, 'linkName'),
  };
}

function paxRecords(text: string): Record<string, string> {
  const records: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const said = /^\d+ ([^=]+)=(.*)$/.exec(line);
    if (said?.[1] !== undefined && said[2] !== undefined) records[said[1]] = said[2];
  }
  return records;
}

/** Bytes out of pieces of any length. */
class ByteSource {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private held: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** Up to so many, at least one; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    while (this.held.length === 0) {
      const next = await this.pieces.next();
      if (next.done === true) return undefined;
      this.held = next.value;
    }
    const taken = this.held.subarray(0, most);
    this.held = this.held.subarray(taken.length);
    return taken;
  }

  /** Exactly so many; undefined when there is nothing more at all. */
  async take(count: number): Promise<Uint8Array | undefined> {
    const all = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      const piece = await this.some(count - filled);
      if (piece === undefined) {
        if (filled === 0) return undefined;
        throw new Error('The archive ends in the middle.');
      }
      all.set(piece, filled);
      filled += piece.length;
    }
    return all;
  }

  async exactly(count: number): Promise<Uint8Array> {
    const bytes = await this.take(count);
    if (bytes === undefined) throw new Error('The archive ends in the middle.');
    return bytes;
  }
}

class EntryData implements AsyncIterable<Uint8Array> {
  private readonly source: ByteSource;
  private left: number;

  constructor(source: ByteSource, sizeBytes: number) {
    this.source = source;
    this.left = sizeBytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.left > 0) {
      const piece = await this.source.some(this.left);
      if (piece === undefined) throw new Error('The archive ends in the middle.');
      this.left -= piece.length;
      yield piece;
    }
  }

  async skip(): Promise<void> {
    while (this.left > 0) {
      const piece = await this.source.some(this.left);
      if (piece === undefined) throw new Error('The archive ends in the middle.');
      this.left -= piece.length;
    }
  }
}

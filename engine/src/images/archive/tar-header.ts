const BLOCK = 512;
/** Eleven octal digits hold no more; beyond it the size is written in binary, as GNU tar and Go do. */
const MAX_OCTAL_SIZE = 0o77777777777;

/** Fields of a ustar header (POSIX.1-1988) by offset. */
const FIELD = { name: 0, mode: 100, uid: 108, gid: 116, size: 124, mtime: 136, checksum: 148, type: 156 };
const MAGIC = { at: 257, bytes: 'ustar\x0000' };
const NAME_LENGTH = 100;

export interface TarEntry {
  /** At most 100 bytes of ASCII. */
  readonly name: string;
  readonly type: 'file' | 'directory';
  readonly size: number;
}

/** The header of an entry that belongs to root and is as old as time: the same entries make the same bytes. */
export function tarHeader({ name, type, size }: TarEntry): Uint8Array {
  if (name.length > NAME_LENGTH) throw new Error(`"${name}" is too long for a tar header.`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, FIELD.name, 'latin1');
  header.write(type === 'file' ? '0000644\0' : '0000755\0', FIELD.mode, 'latin1');
  header.write('0000000\0', FIELD.uid, 'latin1');
  header.write('0000000\0', FIELD.gid, 'latin1');
  if (size <= MAX_OCTAL_SIZE) header.write(`${octal(size, 11)}\0`, FIELD.size, 'latin1');
  else {
    header[FIELD.size] = 0x80;
    header.writeBigUInt64BE(BigInt(size), FIELD.size + 4);
  }
  header.write(`${octal(0, 11)}\0`, FIELD.mtime, 'latin1');
  header.write(type === 'file' ? '0' : '5', FIELD.type, 'latin1');
  header.write(MAGIC.bytes, MAGIC.at, 'latin1');
  // The sum is of the header with blanks where it will stand.
  header.fill(' ', FIELD.checksum, FIELD.checksum + 8);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, FIELD.checksum, 'latin1');
  return header;
}

/** What fills up the last block of a file; nothing when it is full. */
export function* tarPadding(size: number): Generator<Uint8Array, void, undefined> {
  if (size % BLOCK !== 0) yield Buffer.alloc(BLOCK - (size % BLOCK));
}

export function tarEnd(): Uint8Array {
  return Buffer.alloc(2 * BLOCK);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

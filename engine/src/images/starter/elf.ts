import { open } from 'node:fs/promises';

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
/** Program header that names the dynamic loader. */
const PT_INTERP = 3;
const MAX_PROGRAM_HEADERS = 256;

/** Whether the file is a 64-bit program that runs without a loader and libraries; false as well when it is missing. */
export async function isStaticProgram(path: string): Promise<boolean> {
  let file;
  try {
    file = await open(path, 'r');
  } catch {
    return false;
  }
  try {
    const header = Buffer.alloc(64);
    const { bytesRead } = await file.read(header, 0, 64, 0);
    if (bytesRead < 64 || !isElf64(header)) return false;
    const offset = Number(header.readBigUInt64LE(32));
    const entrySize = header.readUInt16LE(54);
    const count = header.readUInt16LE(56);
    if (entrySize < 56 || count === 0 || count > MAX_PROGRAM_HEADERS) return false;
    const table = Buffer.alloc(entrySize * count);
    const read = await file.read(table, 0, table.length, offset);
    if (read.bytesRead < table.length) return false;
    return !programTypes(table, entrySize).includes(PT_INTERP);
  } finally {
    await file.close();
  }
}

function isElf64(header: Buffer): boolean {
  return header.subarray(0, 4).equals(MAGIC) && header[4] === CLASS_64 && header[5] === LITTLE_ENDIAN;
}

function programTypes(table: Buffer, entrySize: number): readonly number[] {
  return Array.from({ length: table.length / entrySize }, (_, index) =>
    table.readUInt32LE(index * entrySize),
  );
}

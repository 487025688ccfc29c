/** The block of a tar archive: headers and data are padded to it (POSIX.1-1988 ustar). */
export const BLOCK = 512;

export type TarType = 'file' | 'directory' | 'link' | 'other';

export interface TarHeader {
  /** Relative, with `/` between its parts and none at its end. */
  readonly path: string;
  readonly type: TarType;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Of a file; else 0. */
  readonly sizeBytes: number;
  /** Of a link: as it is written. */
  readonly linkTarget: string;
}

const FLAGS: Readonly<Record<TarType, string>> = { file: '0', directory: '5', link: '2', other: '6' };

/** Where the fields of a ustar header are: [offset, length]. */
export const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  modified: [136, 12],
  checksum: [148, 8],
  flag: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  prefix: [345, 155],
} as const;

export type FieldName = keyof typeof FIELD;

const utf8 = new TextEncoder();

/** The largest number that a field of eleven octal digits can hold. */
const MOST_IN_OCTAL = 0o77777777777;

/** One header; what it cannot hold is said before it in a pax header of its own. */
export function writeHeader(header: TarHeader): Uint8Array<ArrayBuffer> {
  const path = header.type === 'directory' ? `${header.path}/` : header.path;
  const records: [string, string][] = [];
  if (utf8.encode(path).length > FIELD.name[1]) records.push(['path', path]);
  if (utf8.encode(header.linkTarget).length > FIELD.linkName[1])
    records.push(['linkpath', header.linkTarget]);
  if (header.sizeBytes > MOST_IN_OCTAL) records.push(['size', String(header.sizeBytes)]);
  const own = block({ ...header, path }, FLAGS[header.type]);
  if (records.length === 0) return own;
  const body = utf8.encode(records.map(([key, value]) => paxRecord(key, value)).join(''));
  const extended = block({ ...header, path: 'pax', sizeBytes: body.length, linkTarget: '' }, 'x');
  return joined([extended, padded(body), own]);
}

function block(header: TarHeader, flag: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BLOCK);
  const put = (field: FieldName, text: Uint8Array | string) => {
    const [offset, length] = FIELD[field];
    bytes.set((typeof text === 'string' ? utf8.encode(text) : text).subarray(0, length), offset);
  };
  const octal = (field: FieldName, value: number) => {
    const digits = FIELD[field][1] - 1;
    put(
      field,
      `${Math.min(value, 8 ** digits - 1)
        .toString(8)
        .padStart(digits, '0')}\0`,
    );
  };
  put('name', header.path);
  octal('mode', header.mode & 0o7777);
  octal('uid', header.uid);
  octal('gid', header.gid);
  octal('size', header.sizeBytes);
  octal('modified', Math.max(0, Math.floor(header.modifiedMs / 1000)));
  put('flag', flag);
  put('linkName', header.linkTarget);
  put('magic', 'ustar\u000000');
  put('checksum', '        ');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put('checksum', `${sum.toString(8).padStart(6, '0')}\0 `);
  return bytes;
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = utf8.encode(rest).length;
  const digits = String(bytes + String(bytes).length).length;
  return `${bytes + digits}${rest}`;
}

/** How many bytes follow data of this size up to the next block. */
export function padding(sizeBytes: number): number {
  return (BLOCK - (sizeBytes % BLOCK)) % BLOCK;
}

function padded(bytes: Uint8Array): Uint8Array {
  return joined([bytes, new Uint8Array(padding(bytes.length))]);
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

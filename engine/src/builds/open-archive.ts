import { EngineError } from '../errors/index.ts';

const SNIFFED_BYTES = 512;
const USTAR = { at: 257, bytes: Buffer.from('ustar') };
/** What ADD unpacks besides, by the first bytes, as far as the agent can. */
const COMPRESSED = [Buffer.from([0x1f, 0x8b]), Buffer.from([0x28, 0xb5, 0x2f, 0xfd])];
const NOT_YET: readonly (readonly [string, Buffer])[] = [
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ['bzip2', Buffer.from('BZh')],
];

/** The bytes, if they begin as an archive does that can be unpacked; null: they are something else. */
export async function openArchive(
  bytes: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array> | null> {
  const reader = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < SNIFFED_BYTES) {
    const next = await reader.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const refused = NOT_YET.find(([, magic]) => head.subarray(0, magic.length).equals(magic));
  if (refused !== undefined) {
    await reader.return?.();
    throw new EngineError('not-implemented', `Archives compressed with ${refused[0]} cannot be unpacked.`, {
      detail: { step: 'add' },
      hint: 'Compress it with gzip or zstd, or copy it with COPY and unpack it with RUN.',
    });
  }
  const isCompressed = COMPRESSED.some((magic) => head.subarray(0, magic.length).equals(magic));
  const mark = head.subarray(USTAR.at, USTAR.at + USTAR.bytes.length);
  if (!isCompressed && !mark.equals(USTAR.bytes)) {
    await reader.return?.();
    return null;
  }
  return rejoined(head, reader);
}

async function* rejoined(head: Uint8Array, reader: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  try {
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) yield next.value;
  } finally {
    await reader.return?.();
  }
}

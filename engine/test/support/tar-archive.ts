import tar, { type Header } from 'tar-stream';

export type ArchiveEntry = Partial<Header> & { readonly name: string; readonly content?: string };

/** A tar archive with what its headers say, also what no program would write. */
export async function tarArchive(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { content, ...header } of entries) pack.entry(header, content ?? '');
  pack.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of pack as unknown as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

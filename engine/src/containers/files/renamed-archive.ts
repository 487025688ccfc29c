import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';

/**
 * The archive of one folder as that of a folder of another name; that of a root begins with "/". What pax headers tell
 * besides names is kept.
 */
export async function* renamedRoot(
  archive: AsyncIterable<Uint8Array>,
  names: { readonly from: string; readonly to: string },
): AsyncIterable<Uint8Array> {
  const { from, to } = names;
  const renamed = (path: string): string => `${to}/${path.slice(from.length).replace(/^\/+/, '')}`;
  const reading = tar.extract();
  const writing = tar.pack();
  const rename = async (): Promise<void> => {
    for await (const entry of reading) {
      const { header } = entry;
      const copy = writing.entry({
        ...header,
        name: renamed(header.name),
        ...(header.type === 'link' && { linkname: renamed(header.linkname) }),
        pax: withoutNames(header.pax as PaxHeaders),
      });
      await pipeline(entry as unknown as Readable, copy as unknown as NodeJS.WritableStream);
    }
    writing.finalize();
  };
  // tar-stream brings its own stream library, whose streams are made to work in Node's pipelines.
  const feeding = pipeline(Readable.from(archive), reading as unknown as NodeJS.WritableStream);
  const working = Promise.all([feeding, rename()]);
  working.catch((thrown: unknown) => writing.destroy(thrown instanceof Error ? thrown : undefined));
  try {
    yield* writing as unknown as AsyncIterable<Uint8Array>;
    await working;
  } finally {
    reading.destroy();
    writing.destroy();
  }
}

/** Not in the types of tar-stream: null where there are none. */
type PaxHeaders = Readonly<Record<string, string>> | null;

function withoutNames(pax: PaxHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pax ?? {}).filter(([key]) => key !== 'path' && key !== 'linkpath'),
  );
}

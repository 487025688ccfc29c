import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { DockerError } from './failure.ts';

/** A create request with a seccomp profile in it is well below. */
const MAX_JSON_BYTES = 8 * 1024 * 1024;

/** From whom a small document takes longer, it is not coming. */
const JSON_DEADLINE_MS = 30_000;

/** Where a body's bytes come from: the request, or for one that becomes a stream, the connection. */
export interface BodySource {
  readonly headers: IncomingMessage['headers'];
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The body as JSON in the schema's form; an empty one, and `null`, as `{}`. */
export async function readJson<T>(source: BodySource, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(source);
  if (text !== '') checkContentType(source.headers['content-type']);
  const result = schema.safeParse(parse(text) ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  throw new DockerError(400, `invalid JSON: ${where}: ${issue?.message ?? 'not valid'}`);
}

function checkContentType(contentType: string | undefined): void {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/json') return;
  throw new DockerError(
    400,
    `unsupported Content-Type header (${contentType?.slice(0, 100) ?? ''}): must be 'application/json'`,
  );
}

function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new DockerError(400, `invalid JSON: ${thrown instanceof Error ? thrown.message : 'not valid'}`);
  }
}

async function readText({ headers, bytes }: BodySource): Promise<string> {
  if (Number(headers['content-length'] ?? 0) > MAX_JSON_BYTES) throw tooLarge();
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new DockerError(408, 'the request body did not arrive in time');
    deadline = setTimeout(() => reject(error), JSON_DEADLINE_MS);
  });
  try {
    return (await Promise.race([collect(bytes), late])).toString('utf8').trim();
  } finally {
    clearTimeout(deadline);
  }
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of bytes) {
    total += piece.length;
    if (total > MAX_JSON_BYTES) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function tooLarge(): DockerError {
  return new DockerError(413, 'http: request body too large');
}

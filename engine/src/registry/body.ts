import { EngineError } from '../errors/index.ts';
import { jsonOrUndefined } from '../json.ts';
import type { Answer } from './transport.ts';
import type { RateLimit, Refusal } from './failures/refusal.ts';

/** Bytes of an error body that are worth reading. */
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_MESSAGE_LENGTH = 200;

/** The whole body, refused when it grows beyond `maxBytes`. */
export async function readBounded(answer: Answer, maxBytes: number, noun: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    length += chunk.byteLength;
    if (length > maxBytes) {
      throw new EngineError(
        'invalid-argument',
        `The ${noun} that the registry sends is larger than allowed.`,
        {
          detail: { step: 'size' },
        },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Reads a refusing answer: the registry's codes, if it has any, and how long it wants us to wait. */
export async function readRefusal(answer: Answer, signedIn: boolean, now: Date): Promise<Refusal> {
  const { codes, message } = parseErrors(await readSome(answer));
  return {
    status: answer.status,
    codes,
    message,
    retryAfterMs: parseRetryAfter(answer.header('retry-after'), now),
    rateLimit: parseRateLimit(answer.header('ratelimit-limit')),
    signedIn,
  };
}

async function readSome(answer: Answer): Promise<string> {
  try {
    return new TextDecoder().decode(await readBounded(answer, MAX_ERROR_BYTES, 'answer'));
  } catch {
    return ''; // The status says enough; what is wrong with its explanation is not worth another error.
  }
}

/** `{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "...", ...}]}`, if it is that. */
function parseErrors(text: string): { codes: readonly string[]; message: string } {
  const document = jsonOrUndefined(text);
  const list =
    isObject(document) && Array.isArray(document['errors']) ? (document['errors'] as unknown[]) : [];
  const errors = list.filter(isObject);
  const codes = errors.map((error) => error['code']).filter((code) => typeof code === 'string');
  const message = errors.map((error) => error['message']).find((said) => typeof said === 'string');
  return { codes, message: printable(message ?? '') };
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function parseRetryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  if (/^\d{1,7}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

function parseRateLimit(header: string | null): RateLimit | null {
  const match = /^(\d{1,9})(?:;\s*w=(\d{1,9}))?/.exec(header?.trim() ?? '');
  if (match === null) return null;
  const [, pulls, seconds] = match;
  return { pulls: Number(pulls), windowMs: seconds === undefined ? null : Number(seconds) * 1000 };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, MAX_MESSAGE_LENGTH);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Fault } from './fault.ts';
import type { StoredBytes } from './test-image.ts';

/** Sends stored bytes, whole or from where the request's Range says, with the fault if there is one. */
export async function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes, mediaType }: StoredBytes,
  fault: Fault | undefined,
): Promise<void> {
  if (fault?.kind === 'endless') {
    response.writeHead(200, { 'content-type': mediaType });
    await pipeline(Readable.from(spaces()), response).catch(() => undefined);
    return;
  }
  const contentType = fault?.kind === 'replace' ? (fault.contentType ?? mediaType) : mediaType;
  const start = fault?.kind === 'no-range' ? 0 : rangeStart(request, bytes.byteLength);
  if (start > 0 && start >= bytes.byteLength) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.byteLength}` }).end();
    return;
  }
  const body = damaged(bytes.subarray(start), fault);
  response.writeHead(start === 0 ? 200 : 206, {
    'content-type': contentType,
    'content-length': body.byteLength,
    ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.byteLength - 1}/${bytes.byteLength}` }),
  });
  if (fault?.kind === 'cut') {
    response.write(body.subarray(0, fault.afterBytes), () => response.destroy());
  } else if (fault?.kind === 'stall') {
    response.write(body.subarray(0, fault.afterBytes));
    await fault.until;
    response.end(body.subarray(fault.afterBytes));
  } else {
    response.end(body);
  }
}

function damaged(bytes: Uint8Array, fault: Fault | undefined): Uint8Array {
  if (fault === undefined) return bytes;
  switch (fault.kind) {
    case 'truncate':
      return bytes.subarray(0, fault.bytes);
    case 'corrupt':
      return bytes.map((byte, index) => (index === bytes.byteLength >> 1 ? byte ^ 0xff : byte));
    case 'pad':
      return Buffer.concat([bytes, Buffer.alloc(fault.bytes)]);
    case 'replace':
      return fault.bytes;
    case 'cut':
    case 'endless':
    case 'no-range':
    case 'redirect':
    case 'reset':
    case 'stall':
    case 'status':
      return bytes;
  }
}

function rangeStart({ headers }: IncomingMessage, size: number): number {
  const match = /^bytes=(\d+)-$/.exec(headers.range ?? '');
  return match === null ? 0 : Math.min(Number(match[1]), size);
}

function* spaces(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(64 * 1024, ' ');
}

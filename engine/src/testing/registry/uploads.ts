import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { digestOf } from '../../content/index.ts';

/** `/v2/<repository>/blobs/uploads/<session>` */
export const UPLOAD_ROUTE = /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/;

export interface UploadPlace {
  /** Undefined: the repository does not have it. */
  blob(repository: string, digest: string): Uint8Array | undefined;
  store(repository: string, bytes: Uint8Array): void;
}

/** The sessions of a registry through which blobs come in (distribution-spec, "Pushing blobs"). */
export class Uploads {
  private readonly place: UploadPlace;
  private readonly sessions = new Map<string, Buffer>();

  constructor(place: UploadPlace) {
    this.place = place;
  }

  /** `cutAfter`: break the connection when so many bytes of the body have come in, and keep them. */
  async serve(
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
    cutAfter: number | null,
  ): Promise<void> {
    const [, repository = '', session = ''] = UPLOAD_ROUTE.exec(url.pathname) ?? [];
    if (request.method === 'POST') {
      this.begin(url, repository, response);
      return;
    }
    const arrived = this.sessions.get(session);
    if (arrived === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (request.method === 'GET') {
      response.writeHead(204, { location: url.pathname, range: `0-${arrived.byteLength - 1}` }).end();
      return;
    }
    const whole = Buffer.concat([arrived, await readBody(request, cutAfter)]);
    this.sessions.set(session, whole);
    if (cutAfter !== null) request.socket.destroy();
    else if (request.method === 'PATCH') this.goOn(request, arrived.byteLength, whole, url, response);
    else this.finish(repository, session, whole, url, response);
  }

  private begin(url: URL, repository: string, response: ServerResponse): void {
    const { searchParams } = url;
    const [mount, from] = [searchParams.get('mount'), searchParams.get('from')];
    const mounted = mount === null || from === null ? undefined : this.place.blob(from, mount);
    if (mounted !== undefined) {
      this.place.store(repository, mounted);
      response.writeHead(201, { location: `/v2/${repository}/blobs/${mount}` }).end();
      return;
    }
    const session = randomUUID();
    this.sessions.set(session, Buffer.alloc(0));
    response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/${session}` }).end();
  }

  private goOn(
    request: IncomingMessage,
    start: number,
    whole: Buffer,
    url: URL,
    response: ServerResponse,
  ): void {
    const range = request.headers['content-range'];
    const fits = range === `${start}-${whole.byteLength - 1}`;
    response
      .writeHead(fits ? 202 : 416, { location: url.pathname, range: `0-${whole.byteLength - 1}` })
      .end();
  }

  private finish(
    repository: string,
    session: string,
    whole: Buffer,
    url: URL,
    response: ServerResponse,
  ): void {
    this.sessions.delete(session);
    if (digestOf(whole) !== url.searchParams.get('digest')) {
      response.writeHead(400).end(JSON.stringify({ errors: [{ code: 'DIGEST_INVALID' }] }));
      return;
    }
    this.place.store(repository, whole);
    response.writeHead(201).end();
  }
}

async function readBody(request: IncomingMessage, limit: number | null): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (limit !== null && length >= limit) break;
  }
  const whole = Buffer.concat(chunks);
  return limit === null ? whole : whole.subarray(0, limit);
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, Faults } from './fault.ts';
import { digestOf } from '../../content/index.ts';
import { sendBody } from './send-body.ts';
import type { StoredBytes, TestImage } from './test-image.ts';
import { UPLOAD_ROUTE, Uploads } from './uploads.ts';

/** How the registry wants callers to say who they are. */
export type TestAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** Tokens come from the registry's own `/token`; without a user, anyone gets one. */
  | { readonly kind: 'bearer'; readonly username?: string; readonly password?: string };

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

const TOKEN = 'test-token';
const PAGE_SIZE = 2;
const ROUTE = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/;

/** A registry in memory, served over HTTP on the loopback, whose faults a test can switch on and off. */
export class TestRegistry implements AsyncDisposable {
  readonly faults = new Faults();
  readonly requests: RecordedRequest[] = [];
  private readonly manifests = new Map<string, StoredBytes>();
  private readonly blobs = new Map<string, StoredBytes>();
  /** `repository digest` of what was uploaded; what a test put there is everywhere. */
  private readonly uploaded = new Map<string, Uint8Array>();
  private readonly uploads = new Uploads({
    blob: (repository, digest) => this.blobOf(repository, digest),
    store: (repository, bytes) => void this.uploaded.set(`${repository} ${digestOf(bytes)}`, bytes),
  });
  private readonly server: Server;
  /** Of the one that has died. */
  private port = 0;
  private readonly auth: TestAuth;

  static async start(auth: TestAuth = { kind: 'none' }): Promise<TestRegistry> {
    const registry = new TestRegistry(auth);
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  private constructor(auth: TestAuth) {
    this.auth = auth;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  /** `127.0.0.1:<port>` */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Stores the image under a tag, and answers with its full reference. */
  push(repository: string, tag: string, image: TestImage): string {
    for (const blob of [image.config, ...image.layers]) this.blobs.set(blob.digest, blob);
    this.pushManifest(repository, tag, image.manifest);
    return `${this.host}/${repository}:${tag}`;
  }

  /** A manifest or index, by tag and by digest. */
  pushManifest(repository: string, tag: string, manifest: StoredBytes): void {
    this.manifests.set(`${repository}:${tag}`, manifest);
    this.manifests.set(`${repository}:${manifest.digest}`, manifest);
  }

  pushBlob(blob: StoredBytes): void {
    this.blobs.set(blob.digest, blob);
  }

  /** A blob of the repository, as it was uploaded or put there. */
  blobOf(repository: string, digest: string): Uint8Array | undefined {
    return this.uploaded.get(`${repository} ${digest}`) ?? this.blobs.get(digest)?.bytes;
  }

  /** What tests put there is no longer everywhere but in this repository alone. */
  confineBlobs(repository: string): void {
    for (const [digest, { bytes }] of this.blobs) this.uploaded.set(`${repository} ${digest}`, bytes);
    this.blobs.clear();
  }

  manifestOf(repository: string, target: string): StoredBytes | undefined {
    return this.manifests.get(`${repository}:${target}`);
  }

  /** Requests of one kind so far. */
  count(part: string): number {
    return this.requests.filter(({ path }) => path.includes(part)).length;
  }

  /** As if it were killed: breaks all connections, and answers nobody until it is `revived`. */
  async die(): Promise<void> {
    const { port } = this.server.address() as AddressInfo;
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.port = port;
  }

  /** On the same port as before. */
  async revive(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${this.host}`);
    const path = url.pathname;
    this.requests.push({ method: request.method ?? '', path: path + url.search, headers: request.headers });
    const fault = this.faults.take(path);
    if (fault?.kind === 'reset') request.socket.destroy();
    else if (fault?.kind === 'redirect') response.writeHead(307, { location: fault.location }).end();
    else if (fault?.kind === 'status') this.refuse(response, fault.status, fault.code, fault.headers);
    else if (path === '/token') this.giveToken(request, response);
    else if (!this.isAllowed(request)) this.challenge(response);
    else if (path === '/v2/') response.writeHead(200).end('{}');
    else if (path === '/v2/_catalog') this.sendPage(url, response, 'repositories', this.repositories());
    else if (path.endsWith('/tags/list'))
      this.sendPage(url, response, 'tags', this.tagsOf(path.slice(4, -10)));
    else if (UPLOAD_ROUTE.test(path)) {
      await this.uploads.serve(url, request, response, fault?.kind === 'cut' ? fault.afterBytes : null);
    } else if (request.method === 'PUT') await this.takeManifest(path, request, response);
    else await this.serve(path, request, response, fault);
  }

  /** Refuses one whose blobs are not all there (distribution-spec, "Pushing manifests"). */
  private async takeManifest(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [, repository = '', , target = ''] = ROUTE.exec(path) ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const { config, layers = [] } = JSON.parse(bytes.toString()) as {
      config?: { digest: string };
      layers?: { digest: string }[];
    };
    const named = [...(config === undefined ? [] : [config]), ...layers];
    if (named.some(({ digest }) => this.blobOf(repository, digest) === undefined)) {
      this.refuse(response, 400, 'MANIFEST_BLOB_UNKNOWN');
      return;
    }
    const mediaType = request.headers['content-type'] ?? '';
    const digest = digestOf(bytes);
    this.pushManifest(repository, target, { bytes, mediaType, digest, size: bytes.byteLength });
    response.writeHead(201, { 'docker-content-digest': digest }).end();
  }

  private async serve(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | undefined,
  ): Promise<void> {
    const [, repository = '', kind, target = ''] = ROUTE.exec(path) ?? [];
    if (kind === 'manifests') {
      const manifest = this.manifests.get(`${repository}:${target}`);
      if (manifest === undefined) this.refuse(response, 404, this.unknownCode(repository));
      else await sendBody(request, response, manifest, fault);
    } else {
      const bytes = this.blobOf(repository, target);
      if (bytes === undefined) this.refuse(response, 404, 'BLOB_UNKNOWN');
      else {
        const blob = {
          bytes,
          mediaType: 'application/octet-stream',
          digest: digestOf(bytes),
          size: bytes.byteLength,
        };
        await sendBody(request, response, blob, fault);
      }
    }
  }

  private repositories(): readonly string[] {
    return [...new Set([...this.manifests.keys()].map((key) => key.slice(0, key.indexOf(':'))))];
  }

  private tagsOf(repository: string): readonly string[] {
    return [...this.manifests.keys()]
      .filter((key) => key.startsWith(`${repository}:`) && !key.includes('sha256:'))
      .map((key) => key.slice(repository.length + 1));
  }

  /** Two names a page (distribution-spec, "Listing tags"). */
  private sendPage(url: URL, response: ServerResponse, key: string, names: readonly string[]): void {
    const start = Number(url.searchParams.get('last') ?? 0);
    const end = start + PAGE_SIZE;
    const link = { link: `<${url.pathname}?last=${end}>; rel="next"` };
    response.writeHead(200, { 'content-type': 'application/json', ...(end < names.length && link) });
    response.end(JSON.stringify({ [key]: names.slice(start, end) }));
  }

  private unknownCode(repository: string): string {
    const known = [...this.manifests.keys()].some((key) => key.startsWith(`${repository}:`));
    return known ? 'MANIFEST_UNKNOWN' : 'NAME_UNKNOWN';
  }

  private isAllowed({ headers }: IncomingMessage): boolean {
    if (this.auth.kind === 'none') return true;
    if (this.auth.kind === 'bearer') return headers.authorization === `Bearer ${TOKEN}`;
    return headers.authorization === basic(this.auth.username, this.auth.password);
  }

  private challenge(response: ServerResponse): void {
    const wanted =
      this.auth.kind === 'bearer'
        ? `Bearer realm="http://${this.host}/token",service="test registry"`
        : 'Basic realm="test"';
    this.refuse(response, 401, 'UNAUTHORIZED', { 'www-authenticate': wanted });
  }

  private giveToken({ headers }: IncomingMessage, response: ServerResponse): void {
    const { auth } = this;
    if (auth.kind === 'bearer' && auth.username !== undefined) {
      const expected = basic(auth.username, auth.password ?? '');
      if (headers.authorization !== expected) {
        this.refuse(response, 401, 'UNAUTHORIZED');
        return;
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token: TOKEN }));
  }

  private refuse(
    response: ServerResponse,
    status: number,
    code = 'UNKNOWN',
    headers: Readonly<Record<string, string>> = {},
  ): void {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

import { createSign, randomUUID, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { CertificateFiles } from './certificates.ts';
import type { DockerRegistryOptions } from './docker-registry.ts';

const ISSUER = 'longshore-test';
const SERVICE = 'test-registry';
const REFRESH_TOKEN = 'refresh-me';
const LIFETIME_S = 300;

/**
 * Gives tokens that docker-registry accepts (distribution.github.io/distribution/spec/auth/jwt): to anybody for
 * pulling, and for pushing to the one who knows the password or has the refresh token.
 */
export class TokenServer implements AsyncDisposable {
  readonly refreshToken = REFRESH_TOKEN;
  /** Scopes as they were asked for. */
  readonly asked: string[] = [];
  private readonly server: Server;
  private readonly key: string;
  private readonly chain: readonly string[];
  private readonly person: { readonly username: string; readonly password: string };
  private readonly files: CertificateFiles;

  static async start(
    files: CertificateFiles,
    person: { readonly username: string; readonly password: string },
  ): Promise<TokenServer> {
    const [certificate, key] = await Promise.all([
      readFile(files.certificate, 'utf8'),
      readFile(files.key, 'utf8'),
    ]);
    const tokens = new TokenServer(
      files,
      key,
      [new X509Certificate(certificate).raw.toString('base64')],
      person,
    );
    tokens.server.listen(0, '127.0.0.1');
    await once(tokens.server, 'listening');
    return tokens;
  }

  private constructor(
    files: CertificateFiles,
    key: string,
    chain: readonly string[],
    person: { readonly username: string; readonly password: string },
  ) {
    this.files = files;
    this.key = key;
    this.chain = chain;
    this.person = person;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  /** For the registry. */
  get settings(): NonNullable<DockerRegistryOptions['tokens']> {
    const { port } = this.server.address() as AddressInfo;
    const realm = `http://127.0.0.1:${port}/token`;
    return { realm, service: SERVICE, issuer: ISSUER, certificate: this.files.certificate };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const form = request.method === 'POST' ? new URLSearchParams(await textOf(request)) : url.searchParams;
    const scopes = form.getAll('scope').flatMap((scope) => scope.split(' '));
    this.asked.push(...scopes);
    const who = this.whoIs(request, form);
    if (who === 'refused') {
      response.writeHead(401).end('{}');
      return;
    }
    const access = scopes.filter((scope) => scope !== '').map((scope) => accessOf(scope, who));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ token: this.sign(access), access_token: this.sign(access) }));
  }

  private whoIs({ headers }: IncomingMessage, form: URLSearchParams): 'known' | 'stranger' | 'refused' {
    const refresh = form.get('refresh_token');
    if (refresh !== null) return refresh === REFRESH_TOKEN ? 'known' : 'refused';
    if (headers.authorization === undefined) return 'stranger';
    const { username, password } = this.person;
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return headers.authorization === expected ? 'known' : 'refused';
  }

  private sign(access: readonly unknown[]): string {
    const now = Math.floor(Date.now() / 1000);
    const header = { typ: 'JWT', alg: 'RS256', x5c: this.chain };
    const claims = {
      ...{ iss: ISSUER, aud: SERVICE, sub: 'harbour', jti: randomUUID() },
      ...{ iat: now, nbf: now - 10, exp: now + LIFETIME_S, access },
    };
    const signed = `${encode(header)}.${encode(claims)}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(this.key, 'base64url')}`;
  }
}

/** `repository:team/app:pull,push` */
function accessOf(scope: string, who: 'known' | 'stranger') {
  const [type = '', name = '', wanted = ''] = scope.split(':');
  const actions = wanted.split(',').filter((action) => who === 'known' || action === 'pull');
  return { type, name, actions };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { EngineError } from '../errors/index.ts';

export interface HostCertificates {
  /** Of their content: other certificates, other connections. */
  readonly fingerprint: string;
  readonly tls: {
    readonly ca: readonly string[];
    readonly cert?: string;
    readonly key?: string;
  };
}

/** Whom a host's own certificates make us believe, and what we show it of ourselves. */
export interface Trust {
  /** `host` with its port if it has one; null: nothing beyond what everybody trusts. */
  certificatesOf(host: string): Promise<HostCertificates | null>;
}

export const NO_TRUST: Trust = { certificatesOf: () => Promise.resolve(null) };

/** A certificate and its chain are some kilobytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Docker's folder layout (docs.docker.com/engine/security/certificates): `<folder>/<host:port>/*.crt` are authorities,
 * and a `*.cert` with the `*.key` of the same name is what we show. Read at each use, so that what is added counts at
 * once; the first folder that has the host wins.
 */
export class CertificateFolders implements Trust {
  private readonly folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.folders = folders;
  }

  async certificatesOf(host: string): Promise<HostCertificates | null> {
    if (host.includes('/') || host.startsWith('.')) return null;
    for (const folder of this.folders) {
      const directory = join(folder, host);
      const names = await readdir(directory).catch(() => null);
      if (names !== null) return readCertificates(directory, [...names].sort());
    }
    return null;
  }
}

async function readCertificates(
  directory: string,
  names: readonly string[],
): Promise<HostCertificates | null> {
  const read = (name: string) => readText(join(directory, name));
  const authorities = await Promise.all(names.filter((name) => name.endsWith('.crt')).map(read));
  const client = names.find((name) => name.endsWith('.cert'));
  const ca = [...rootCertificates, ...authorities];
  const pair = client === undefined ? null : await readPair(directory, names, client);
  if (authorities.length === 0 && pair === null) return null;
  const hash = createHash('sha256');
  for (const text of [...authorities, pair?.cert ?? '', pair?.key ?? '']) hash.update(text).update('\0');
  return { fingerprint: hash.digest('hex'), tls: { ca, ...pair } };
}

async function readPair(
  directory: string,
  names: readonly string[],
  client: string,
): Promise<{ readonly cert: string; readonly key: string }> {
  const keyName = `${client.slice(0, -'.cert'.length)}.key`;
  if (!names.includes(keyName)) {
    throw unreadable(join(directory, client), `it needs ${keyName} beside it`);
  }
  const [cert, key] = await Promise.all([
    readText(join(directory, client)),
    readText(join(directory, keyName)),
  ]);
  return { cert, key };
}

async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (bytes.byteLength > MAX_FILE_BYTES) throw unreadable(path, 'it is too large for a certificate');
    return bytes.toString('utf8');
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    throw unreadable(path, thrown instanceof Error ? thrown.message : 'it cannot be read', thrown);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError('failed-precondition', `The certificate file ${path} cannot be used: ${reason}.`, {
    detail: { step: 'tls', path },
    ...(cause !== undefined && { cause }),
  });
}

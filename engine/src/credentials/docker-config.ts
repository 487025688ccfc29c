import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import type { Credentials } from '../registry/index.ts';
import { askHelper, isHelperName } from './credential-helper.ts';

const MAX_CONFIG_BYTES = 1024 * 1024;

/** What of docker's config.json concerns us (docs.docker.com/reference/cli/docker/login). */
const configSchema = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
      }),
    )
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().default(''),
});

type Config = z.infer<typeof configSchema>;

/** Docker Hub is filed under its first address. */
const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/** What `docker login` has stored for this person, read at each use and never written. */
export class DockerConfig {
  private readonly path: string;

  /** `directory`: `~/.docker`, or what DOCKER_CONFIG says. */
  constructor(directory: string) {
    this.path = join(directory, 'config.json');
  }

  /** A helper program for this registry is asked before the one for all, and that before the file. */
  async find(registry: string, signal: AbortSignal): Promise<Credentials | null> {
    const config = await this.read();
    if (config === null) return null;
    const keys = keysOf(registry);
    const named = keys.map((key) => config.credHelpers[key]).find((helper) => helper !== undefined);
    for (const helper of [named ?? '', config.credsStore]) {
      if (!isHelperName(helper)) continue;
      const found = await firstOf(keys, (key) => askHelper(helper, key, signal));
      if (found !== null) return found;
    }
    return firstOf(keys, (key) => Promise.resolve(fromEntry(config.auths[key])));
  }

  /** As far as the file itself tells; who a helper program knows, only it can say. */
  async list(): Promise<readonly { readonly registry: string; readonly username: string | null }[]> {
    const config = await this.read();
    if (config === null) return [];
    const names = new Map<string, string | null>();
    for (const [key, entry] of Object.entries(config.auths)) {
      const found = fromEntry(entry);
      names.set(registryOf(key), found !== null && 'username' in found ? found.username : null);
    }
    for (const key of Object.keys(config.credHelpers)) {
      if (!names.has(registryOf(key))) names.set(registryOf(key), null);
    }
    return [...names].map(([registry, username]) => ({ registry, username }));
  }

  private async read(): Promise<Config | null> {
    let text: string;
    try {
      const bytes = await readFile(this.path);
      if (bytes.byteLength > MAX_CONFIG_BYTES) throw this.unreadable('it is too large');
      text = bytes.toString('utf8');
    } catch (thrown) {
      if (thrown instanceof EngineError) throw thrown;
      // No docker here, or not for us: as good as an empty one.
      return null;
    }
    try {
      return configSchema.parse(JSON.parse(text));
    } catch (thrown) {
      throw this.unreadable('it is not what docker writes', thrown);
    }
  }

  private unreadable(reason: string, cause?: unknown): EngineError {
    return new EngineError('failed-precondition', `Docker's ${this.path} cannot be read: ${reason}.`, {
      detail: { step: 'credentials', path: this.path },
      hint: 'Mend the file, or move it away.',
      // A parser quotes what it stumbled over, which here may be a password.
      ...(cause instanceof z.ZodError && { cause }),
    });
  }
}

/** Under which names docker and its helpers file a registry, the usual one first. */
function keysOf(registry: string): readonly string[] {
  const hub = registry === DOCKER_HUB ? [DOCKER_HUB_KEY, 'index.docker.io', 'registry-1.docker.io'] : [];
  return [...hub, registry, `https://${registry}`, `https://${registry}/v1/`, `https://${registry}/v2/`];
}

/** The inverse of `keysOf`. */
function registryOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? DOCKER_HUB : host;
}

function fromEntry(entry: Config['auths'][string] | undefined): Credentials | null {
  if (entry === undefined) return null;
  if (entry.identitytoken !== undefined && entry.identitytoken !== '') {
    return { identityToken: entry.identitytoken };
  }
  const decoded = Buffer.from(entry.auth ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon > 0) {
    // Docker pads what it encodes with zero bytes.
    return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1).replace(/\0+$/, '') };
  }
  const { username = '', password = '' } = entry;
  return username === '' ? null : { username, password };
}

async function firstOf<T>(
  keys: readonly string[],
  look: (key: string) => Promise<T | null>,
): Promise<T | null> {
  for (const key of keys) {
    const found = await look(key);
    if (found !== null) return found;
  }
  return null;
}

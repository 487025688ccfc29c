import { readFile } from 'node:fs/promises';
import { cpus, hostname, totalmem } from 'node:os';
import { z } from 'zod';
import { isEngineError } from '../../errors/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { json, type Reply } from '../server/reply.ts';
import { route, type Route } from '../server/router.ts';
import { diskUsageJson } from '../wire/disk-usage.ts';
import { given, word } from '../wire/json.ts';
import { infoJson, versionJson } from '../wire/system.ts';
import { events } from './events.ts';

/** The builder that `POST /build` is: the classic one. */
const PING_HEADERS = {
  'Builder-Version': '1',
  Swarm: 'inactive',
  'Cache-Control': 'no-cache, no-store, must-revalidate',
  Pragma: 'no-cache',
};

function ping(): Reply {
  return { kind: 'text', status: 200, text: 'OK', headers: PING_HEADERS };
}

function pingHead(): Reply {
  const headers = { ...PING_HEADERS, 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': '0' };
  return { kind: 'empty', status: 200, headers };
}

async function version({ engine }: ApiCall): Promise<Reply> {
  return json(versionJson(await engine.system.info({})));
}

async function info({ engine, version }: ApiCall): Promise<Reply> {
  const paused = await engine.containers.list({ filters: { status: ['paused'] } });
  return json(
    infoJson(
      {
        info: await engine.system.info({}),
        paused: paused.length,
        hostname: hostname(),
        operatingSystem: await operatingSystem(),
        cpus: cpus().length,
        memoryBytes: totalmem(),
      },
      version,
    ),
  );
}

/** As os-release(5) names it. */
async function operatingSystem(): Promise<string> {
  try {
    const text = await readFile('/etc/os-release', 'utf8');
    return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? 'Linux';
  } catch {
    return 'Linux';
  }
}

async function diskUsage({ engine, query, version, signal }: ApiCall): Promise<Reply> {
  const [usage, images, containers, volumes] = await Promise.all([
    engine.system.diskUsage({}, { signal }),
    engine.images.list({}),
    engine.containers.inspectAll({}),
    engine.volumes.list({}),
  ]);
  return json(diskUsageJson({ usage, images, containers, volumes }, query.texts('type'), version));
}

const authBody = z.object({ username: word, password: word, serveraddress: word, identitytoken: word });

/** Whether a registry accepts this name; docker(1) keeps it, not the engine. */
async function auth(call: ApiCall): Promise<Reply> {
  const { username, password, serveraddress } = await call.json(authBody);
  if (!username || !password) throw new DockerError(400, 'a username and a password are needed to sign in');
  const registry = given(serveraddress) ?? 'docker.io';
  try {
    await call.engine.registries.signIn(
      { registry, username, password, keep: false },
      { signal: call.signal },
    );
  } catch (thrown) {
    if (!isEngineError(thrown, 'unauthenticated')) throw thrown;
    throw new DockerError(
      401,
      `login attempt to ${loginUrl(registry)} failed with status: 401 Unauthorized`,
      { cause: thrown },
    );
  }
  return json({ IdentityToken: '', Status: 'Login Succeeded' });
}

/** Where a registry wants the name; on this machine without TLS. */
function loginUrl(registry: string): string {
  const scheme = /^(localhost|127\.|\[::1\])/.test(registry) ? 'http' : 'https';
  return registry.includes('://') ? registry : `${scheme}://${registry}/v2/`;
}

export const systemRoutes: readonly Route[] = [
  route('GET', '/_ping', ping),
  route('HEAD', '/_ping', pingHead),
  route('GET', '/version', version),
  route('GET', '/info', info),
  route('GET', '/events', events),
  route('GET', '/system/df', diskUsage),
  route('POST', '/auth', auth),
  route('OPTIONS', '/{name}', () => ({ kind: 'empty', status: 200 })),
];

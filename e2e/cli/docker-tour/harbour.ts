import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PrivateNetwork } from '../../fixtures/private-network.ts';

/** Where the tour's registries are, in its network. */
export const OPEN_REGISTRY = '127.0.0.1:5000';
export const GUARDED_REGISTRY = '127.0.0.1:5001';
export const SEARCHED_REGISTRY = '127.0.0.1:5002';

/** Who may use the guarded one. */
export const ACCOUNT = { username: 'captain', password: 'ahoy' } as const;
/** Of the password, by bcrypt. */
const PASSWORD_HASH = '$2b$04$abcdefghijklmnopqrstuujCUVddhcH1ZZnJZcizJ0heUWeHeLLDS';

/** docker-registry cannot search: an index that can. */
const INDEX_PROGRAM = `require('node:http').createServer((request, answer) => {
  const { pathname, searchParams } = new URL(request.url, 'http://index');
  const name = 'library/' + searchParams.get('q');
  const results = [{ name, description: 'Comes and goes', star_count: 12, is_official: true, is_automated: false }];
  answer.setHeader('Content-Type', 'application/json');
  if (pathname === '/v1/_ping') answer.end('{"standalone":true}');
  else if (pathname === '/v2/') answer.end('{}');
  else if (pathname === '/v2/_catalog') answer.end('{"repositories":["tide"]}');
  else if (pathname === '/v1/search') answer.end(JSON.stringify({ num_results: 1, query: '', results }));
  else answer.writeHead(404).end();
}).listen(5002, '127.0.0.1');`;

/** Starts the registries of a network; their storage is below `folder`. */
export async function openHarbour(network: PrivateNetwork, folder: string): Promise<AsyncDisposable> {
  const passwords = path.join(folder, 'passwords');
  await mkdir(folder, { recursive: true });
  await writeFile(passwords, `${ACCOUNT.username}:${PASSWORD_HASH}\n`);
  const guarded = { auth: { htpasswd: { realm: 'harbour', path: passwords } } };
  const servers = [
    start(network, 'docker-registry', 'serve', await configFile(folder, OPEN_REGISTRY, {})),
    start(network, 'docker-registry', 'serve', await configFile(folder, GUARDED_REGISTRY, guarded)),
    start(network, process.execPath, '-e', INDEX_PROGRAM),
  ];
  for (const host of [OPEN_REGISTRY, GUARDED_REGISTRY, SEARCHED_REGISTRY])
    await untilItListens(network, host);
  return {
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.kill('SIGKILL');
        if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      }
    },
  };
}

function start(network: PrivateNetwork, ...words: readonly string[]) {
  return spawn('nsenter', [`--net=${network.path}`, ...words], { stdio: 'ignore' });
}

async function configFile(folder: string, addr: string, more: object): Promise<string> {
  const file = path.join(folder, `${addr.replace(':', '-')}.json`);
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: path.join(folder, addr) }, delete: { enabled: true } },
    http: { addr },
    ...more,
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

async function untilItListens(network: PrivateNetwork, host: string): Promise<void> {
  for (;;) {
    try {
      await network.exec('curl', '--silent', '--output', '/dev/null', `http://${host}/`);
      return;
    } catch {
      await delay(50);
    }
  }
}

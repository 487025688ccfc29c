import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { contract, createClient, type EngineHandlers } from '../../contract/index.ts';
import { webSocketCallerChannel } from '../door/web-socket-channel.ts';
import { type Dashboard, startDashboard } from './dashboard.ts';

const handlers = { system: { tasks: () => Promise.resolve([]) } } as unknown as EngineHandlers;

let folder: string;
let dashboard: Dashboard;
let origin: string;
let nextUrls: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-dashboard-'));
  await writeFile(path.join(folder, 'secret.js'), 'outside');
  const rendererDir = path.join(folder, 'dist');
  await mkdir(path.join(rendererDir, 'assets'), { recursive: true });
  await writeFile(path.join(rendererDir, 'index.html'), '<title>Longshore</title>');
  await writeFile(path.join(rendererDir, 'assets/app.js'), 'app');
  await symlink('../../secret.js', path.join(rendererDir, 'assets/link.js'));
  nextUrls = [];
  dashboard = await startDashboard(handlers, {
    rendererDir,
    port: 0,
    onSignIn: (url) => nextUrls.push(url),
  });
  origin = new URL(dashboard.url).origin;
});

afterEach(async () => {
  await dashboard[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** fetch() does not let a test choose the Host header, nor send a path that is not normal. */
function get(
  target: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const request = httpRequest({ hostname, port, path: target, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject).end();
  });
}

function tokenOf(url: string): string {
  return new URL(url).hash.replace('#token=', '');
}

async function signIn(token: string, from = origin) {
  const headers = { Origin: from, 'Content-Type': 'application/json' };
  return fetch(`${origin}/session`, { method: 'POST', headers, body: JSON.stringify({ token }) });
}

function openDoor(headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/door`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('error', () => {});
  });
}

describe('the dashboard', () => {
  it('serves the renderer, and nothing outside its folder', async () => {
    expect((await get('/')).body).toContain('Longshore');
    expect((await get('/assets/app.js')).body).toBe('app');
    for (const target of [
      '/../secret.js',
      '/%2e%2e/secret.js',
      '/assets/link.js',
      '/..%2fsecret.js',
      '/%00',
      '/%',
    ]) {
      expect((await get(target)).status, target).toBe(404);
    }
  });

  it('refuses a host name that is not its own, against DNS rebinding', async () => {
    expect((await get('/', { Host: 'evil.example' })).status).toBe(403);
  });

  it('lets a browser in with the one-time token, once', async () => {
    const token = tokenOf(dashboard.url);
    expect((await signIn('0'.repeat(64))).status).toBe(401);
    const first = await signIn(token);
    expect(first.status).toBe(204);
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await signIn(token)).status).toBe(401);
    expect(nextUrls).toHaveLength(1);
    expect((await signIn(tokenOf(nextUrls[0]!))).status).toBe(204);
  });

  it('takes the token only from its own pages', async () => {
    expect((await signIn(tokenOf(dashboard.url), 'http://evil.example')).status).toBe(401);
  });

  it('opens the door for a session of its own origin only', async () => {
    const cookie = (await signIn(tokenOf(dashboard.url))).headers.get('set-cookie')!.split(';')[0]!;
    expect(await openDoor({ Origin: origin })).toBe(403);
    expect(await openDoor({ Cookie: cookie })).toBe(403);
    expect(await openDoor({ Cookie: cookie, Origin: 'http://evil.example' })).toBe(403);
    const socket = await openDoor({ Cookie: cookie, Origin: origin });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const client = createClient(contract, webSocketCallerChannel(socket));
    expect(await client.system.tasks({})).toEqual([]);
  });
});

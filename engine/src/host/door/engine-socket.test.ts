import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contract, createClient, type EngineHandlers } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { connectToEngine } from './connect.ts';
import { engineSocketPath, listenOnEngineSocket } from './engine-socket.ts';

let runDir: string;
let listening: AsyncDisposable;

const handlers = {
  system: { tasks: () => Promise.resolve([]) },
  images: {
    inspect: () => Promise.reject(new EngineError('not-found', 'No such image.', { hint: 'Pull it.' })),
  },
  containers: {
    async *logs() {
      yield { records: [{ at: 'now', stream: 'stdout', data: new Uint8Array([0, 255, 10]) }] };
    },
  },
} as unknown as EngineHandlers;

beforeEach(async () => {
  runDir = await mkdtemp(path.join(os.tmpdir(), 'longshore-door-'));
  listening = await listenOnEngineSocket(handlers, runDir);
});

afterEach(async () => {
  await listening[Symbol.asyncDispose]();
  await rm(runDir, { recursive: true });
});

describe("the engine's local door", () => {
  it('is open to this user alone', async () => {
    expect((await stat(engineSocketPath(runDir))).mode & 0o777).toBe(0o600);
  });

  it('answers calls, carries bytes and errors', async () => {
    const channel = await connectToEngine(runDir);
    const client = createClient(contract, channel);
    expect(await client.system.tasks({})).toEqual([]);
    await expect(client.images.inspect({ image: 'x' })).rejects.toMatchObject({
      code: 'not-found',
      hint: 'Pull it.',
    });
    for await (const batch of client.containers.logs({ container: 'x' })) {
      expect([...batch.records[0]!.data]).toEqual([0, 255, 10]);
    }
    channel.close();
  });

  it('does not let a browser in', async () => {
    const socket = new WebSocket('ws://localhost/door', {
      createConnection: () => connect(engineSocketPath(runDir)),
      origin: 'http://evil.example',
    });
    const code = await new Promise((resolve) => socket.on('close', resolve));
    expect(code).toBe(1008);
  });

  it('closes on garbage', async () => {
    const socket = new WebSocket('ws://localhost/door', {
      createConnection: () => connect(engineSocketPath(runDir)),
    });
    socket.on('open', () => socket.send(Buffer.from([0xc1, 0xc1])));
    const code = await new Promise((resolve) => socket.on('close', resolve));
    expect(code).toBe(1003);
  });

  it('says how to start an engine when none listens', async () => {
    const nowhere = path.join(runDir, 'nowhere');
    await expect(connectToEngine(nowhere)).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('longshore serve') as string,
    });
  });
});

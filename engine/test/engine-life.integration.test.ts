import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { containerRequest } from '../src/contract/index.ts';
import type { EngineEvent } from '../src/types/index.ts';
import { describeReal, ended, RealEngine } from './real-agent.ts';

const context = { signal: new AbortController().signal };
// Many calls at once share it.
setMaxListeners(0, context.signal);
const FOREVER = ['sleep', '1000'];

describeReal('the engine with the real agent', () => {
  let engine: RealEngine;
  let image: string;

  beforeAll(async () => {
    engine = await RealEngine.open();
    image = (await engine.handlers.images.installStarter({ name: 'busybox' }, context)).id;
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const run = (command: readonly string[], more: object = {}) =>
    engine.handlers.containers.run(containerRequest.parse({ image, command, ...more }), context);
  const inspect = (container: string) => engine.handlers.containers.inspect({ container }, context);
  const wait = (container: string) =>
    engine.handlers.containers.wait({ container, condition: 'not-running' }, context);
  const output = async (command: readonly string[], more: object = {}): Promise<string> => {
    const { id } = await run(command, more);
    await wait(id);
    let text = '';
    const query = { container: id, follow: true, stdout: true, stderr: true };
    for await (const { records } of engine.handlers.containers.logs(query, context)) {
      for (const { data } of records) text += Buffer.from(data).toString();
    }
    return text;
  };
  const eventOf = async (id: string, action: EngineEvent['action']): Promise<void> => {
    for await (const event of engine.handlers.events.watch({ since: 0 }, context)) {
      if ('id' in event && event.id === id && event.action === action) return;
    }
  };

  it('runs a container to its exit code, with its output', async () => {
    const { id } = await run(['sh', '-c', 'echo ahoy; exit 3']);
    await expect(wait(id)).resolves.toMatchObject({ code: 3 });
    expect(await output(['echo', 'ahoy'])).toBe('ahoy\n');
  });

  it('gives an address on the bridge, and none without a network', async () => {
    const { networks } = await run(FOREVER);
    expect(networks).toMatchObject([{ name: 'bridge', interface: 'eth0' }]);
    expect((await run(FOREVER, { network: 'none' })).networks).toEqual([]);
  });

  it('sets name, environment, folder and user as Docker does', async () => {
    const { id } = await run(['sh', '-c', 'hostname; pwd; id -u; echo $HOME $PATH $MINE'], {
      workingDir: '/tmp/made',
      user: '1234',
      env: ['MINE=yes'],
    });
    await wait(id);
    const query = { container: id, follow: false, stdout: true, stderr: true };
    let text = '';
    for await (const { records } of engine.handlers.containers.logs(query, context)) {
      for (const { data } of records) text += Buffer.from(data).toString();
    }
    const [hostname, folder, uid, rest] = text.split('\n');
    expect([hostname, folder, uid]).toEqual([id.slice(0, 12), '/tmp/made', '1234']);
    expect(rest).toMatch(/^\/ \S*\/bin yes$/);
  });

  it('keeps capabilities to the default, inheritable ones empty', async () => {
    const status = await output(['grep', 'Cap', '/proc/self/status']);
    expect(status).toMatch(/CapInh:\s+0000000000000000/);
    expect(status).toMatch(/CapBnd:\s+00000000a80425fb/);
  });

  it('tells the exit codes of a shell for what cannot be executed', async () => {
    await expect(run(['nonsense'])).rejects.toMatchObject({ detail: { exitCode: 127, step: 'exec' } });
    await expect(run(['/etc'])).rejects.toMatchObject({ detail: { exitCode: 126, step: 'exec' } });
  });

  it('removes a container that asked for it, once it has ended', async () => {
    const { id } = await run(['true'], { autoRemove: true });
    await eventOf(id, 'destroy');
    await expect(inspect(id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('gives an image back that was removed by force, once its last container is gone', async () => {
    const { images, containers } = engine.handlers;
    const hello = await images.installStarter({ name: 'hello' }, context);
    const { layers } = await images.inspect({ image: hello.id }, context);
    const { id } = await run([], { image: hello.id, command: undefined });
    await wait(id);
    const removed = await images.remove({ image: hello.id, force: true }, context);
    expect(removed).toMatchObject({ untagged: ['hello:latest'], deleted: [] });
    await containers.remove({ container: id, force: false, volumes: false }, context);
    await eventOf(hello.id, 'delete');
    expect((await images.list({}, context)).map((left) => left.id)).toEqual([image]);
    const [layer] = layers;
    const unpacked = join(engine.dataDir, 'agent/layers', layer!.chainId.slice('sha256:'.length));
    await vi.waitFor(() => expect(existsSync(unpacked)).toBe(false));
  });

  it('lets many start at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => run(['true'])));
    for (const { id } of all) await expect(wait(id)).resolves.toMatchObject({ code: 0 });
  });

  it('started again adopts what runs, and learns of what ended while it was away', async () => {
    const on = await run(FOREVER);
    const ends = await run(['sh', '-c', 'read line; exit 7'], { openStdin: true, autoRemove: false });
    await engine.stop();
    process.kill(ends.state.pid ?? 0, 'SIGKILL');
    await ended(ends.state.pid ?? 0);
    await engine.start();
    expect((await inspect(on.id)).state).toEqual(on.state);
    await expect(wait(ends.id)).resolves.toMatchObject({ code: 137, signal: 'KILL' });
  });

  it('sees its agent killed, starts it again, and every container runs on', async () => {
    const { id, state } = await run(FOREVER);
    const before = await engine.agentPid();
    const exit = wait(id);
    process.kill(before, 'SIGKILL');
    await ended(before);
    const done: string[] = [];
    const up = (async function* () {
      // No input.
    })();
    const exec = { container: id, command: ['echo', 'still here'], env: [], tty: false };
    const rest = { openStdin: false, detach: false, privileged: false };
    await engine.anotherAgent(before);
    for await (const value of engine.handlers.containers.exec({ ...exec, ...rest }, up, context)) {
      if (value.kind === 'stdout') done.push(Buffer.from(value.data).toString());
    }
    expect(done.join('')).toBe('still here\n');
    expect(await engine.agentPid()).not.toBe(before);
    expect((await inspect(id)).state.pid).toBe(state.pid);
    await engine.handlers.containers.kill({ container: id, signal: 'KILL' }, context);
    await expect(exit).resolves.toMatchObject({ code: 137 });
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { containerRequest, type ContainerRequestInput } from '../src/contract/index.ts';
import type { ContainerEvent } from '../src/types/index.ts';
import { describeReal, ended, RealEngine } from './real-agent.ts';

const caller = () => ({ signal: new AbortController().signal });
const FOREVER = ['sleep', '1000'];

describeReal('the life of containers', () => {
  let engine: RealEngine;
  beforeEach(async () => {
    engine = await RealEngine.open();
    await engine.handlers.images.installStarter({ name: 'busybox' }, caller());
  });
  afterEach(() => engine[Symbol.asyncDispose]());

  const containers = () => engine.handlers.containers;

  async function run(command: readonly string[], more: Partial<ContainerRequestInput> = {}): Promise<string> {
    const input = { image: 'busybox', command: [...command], network: 'none', ...more } as const;
    return (await containers().run(containerRequest.parse(input), caller())).id;
  }

  const stateOf = async (container: string) => (await containers().inspect({ container }, caller())).state;

  /** Resolves with the event, once it has happened so many times in this engine's life. */
  async function event(id: string, action: ContainerEvent['action'], times = 1): Promise<ContainerEvent> {
    let missing = times;
    for await (const seen of engine.handlers.events.watch({ since: 0 }, caller())) {
      if (seen.type !== 'container' || seen.id !== id || seen.action !== action) continue;
      missing -= 1;
      if (missing === 0) return seen;
    }
    throw new Error('The events have ended.');
  }

  async function killAgent(): Promise<void> {
    const pid = await engine.agentPid();
    process.kill(pid, 'SIGKILL');
    await ended(pid);
    await engine.anotherAgent(pid);
  }

  it('a pause outlives the engine and the agent', async () => {
    const id = await run(FOREVER);
    await containers().pause({ container: id }, caller());
    await engine.stop();
    await engine.start();
    expect((await stateOf(id)).status).toBe('paused');
    await killAgent();
    expect((await stateOf(id)).status).toBe('paused');
    await containers().unpause({ container: id }, caller());
    expect((await stateOf(id)).status).toBe('running');
  });

  it('a restart policy goes on when agent and engine have died', async () => {
    const id = await run(FOREVER, { restart: { name: 'always' } });
    await killAgent();
    const { pid } = await stateOf(id);
    process.kill(pid!, 'SIGKILL');
    await event(id, 'start', 2);
    const second = await stateOf(id);
    await engine.stop();
    process.kill(second.pid!, 'SIGKILL');
    await engine.start();
    await expect.poll(() => stateOf(id)).toMatchObject({ status: 'running', exit: null });
  });

  it('an engine that starts brings up what was stopped by hand only with `always`', async () => {
    const always = await run(FOREVER, { restart: { name: 'always' } });
    const unlessStopped = await run(FOREVER, { restart: { name: 'unless-stopped' } });
    for (const container of [always, unlessStopped])
      await containers().kill({ container, signal: 'KILL' }, caller());
    await engine.stop();
    await engine.start();
    await event(always, 'start');
    expect((await stateOf(unlessStopped)).status).toBe('exited');
  });

  it('an end for want of memory is told with limit and peak', async () => {
    const limit = 16 * 1024 * 1024;
    const id = await run(['sh', '-c', 'x=x; while :; do x=$x$x; done'], {
      resources: { memoryBytes: limit, memorySwapBytes: limit },
    });
    await containers().wait({ container: id, condition: 'not-running' }, caller());
    const { state, reasons } = await containers().inspect({ container: id }, caller());
    expect(state.exit).toMatchObject({ oomKilled: true, memoryLimitBytes: limit });
    expect(reasons[0]).toMatch(/needed more memory than its limit of 16 MiB\. It had used up to .* MiB\.$/);
    expect(await event(id, 'oom')).toBeDefined();
  });

  it('fifty containers are checked each second, and stopped and removed beside that', async () => {
    const healthcheck = { command: ['true'], intervalMs: 1000, timeoutMs: 20_000 };
    const hanging = { command: [...FOREVER], intervalMs: 100, timeoutMs: 60_000 };
    const ids = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        run(FOREVER, { healthcheck: index % 10 === 0 ? hanging : healthcheck, stopTimeoutSeconds: 0 }),
      ),
    );
    const healthy = ids.filter((_, index) => index % 10 !== 0);
    await Promise.all(healthy.map((id) => event(id, 'health_status')));
    await Promise.all(ids.map((container) => containers().stop({ container }, caller())));
    await Promise.all(
      ids.map((container) => containers().remove({ container, force: false, volumes: false }, caller())),
    );
    expect(await containers().list({ all: true }, caller())).toEqual([]);
    expect(engine.problems).toEqual([]);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { collect } from '../src/testing/runtime/collect.ts';
import type { ContainerDetails } from '../src/types/index.ts';
import { describeReal, ended, RealEngine } from './real-agent.ts';
import { KillableEngine } from './support/killable-engine.ts';
import { descendantsOf } from './support/process-state.ts';
import { ToldContainers } from './support/told-containers.ts';

type Victim = 'engine' | 'agent' | 'zygote';

const patience = { timeout: 30_000 };

describeReal('SIGKILL while containers log, exec, are checked and restarted', () => {
  let folders: RealEngine;
  let engine: KillableEngine;
  let told: ToldContainers;

  beforeEach(async () => {
    folders = await RealEngine.prepare();
    engine = new KillableEngine(folders);
    await engine.start();
    told = await ToldContainers.on(engine);
  });
  afterEach(async () => {
    await engine[Symbol.asyncDispose]();
    await folders[Symbol.asyncDispose]();
    await told[Symbol.asyncDispose]();
  });

  const inspect = (container: string) => engine.client.containers.inspect({ container });
  const wait = (container: string) => engine.client.containers.wait({ container });

  /** Null while there is none. */
  async function agentPid(): Promise<number | null> {
    const { agent } = await engine.client.system.info({});
    return agent.status === 'running' ? agent.pid : null;
  }

  async function zygoteOf(agent: number): Promise<number | null> {
    for (const pid of await descendantsOf(agent)) {
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      const comm = await readFile(`/proc/${pid}/comm`, 'utf8');
      if (words.startsWith('longshore-zygote') && !comm.startsWith('longshore-super')) return pid;
    }
    return null;
  }

  async function kill(victims: readonly Victim[]): Promise<void> {
    const agent = (await agentPid()) ?? 0;
    const pids = { agent, zygote: (await zygoteOf(agent)) ?? 0 };
    expect(Math.min(pids.agent, pids.zygote)).toBeGreaterThan(1);
    // The engine first: it would have the others made anew.
    if (victims.includes('engine')) await engine.kill();
    for (const victim of ['agent', 'zygote'] as const) {
      if (!victims.includes(victim)) continue;
      process.kill(pids[victim], 'SIGKILL');
      await ended(pids[victim]);
    }
  }

  /** The time of the newest look at its health. */
  async function lastProbe(container: string): Promise<string> {
    return (await inspect(container)).state.health?.probes.at(-1)?.startedAt ?? '';
  }

  async function runAll(): Promise<Record<'logging' | 'ending' | 'checked' | 'crashing', ContainerDetails>> {
    const count = 'i=0; while [ ! -e /data/end ]; do i=$((i+1)); echo $i; done; echo $i > /data/count';
    const healthcheck = { command: ['true'], intervalMs: 100 };
    const all = {
      logging: await told.run(`${count}; exit 7`, { log: { maxSizeBytes: 2 ** 30, maxFiles: 1 } }),
      ending: await told.run(`${told.until('gone')}; echo last words; exit 5`),
      checked: await told.run(told.until('never'), { healthcheck }),
      crashing: await told.run('sleep 0.1; exit 1', { restart: { name: 'always' } }),
    };
    const script = `${told.until('gone')}; touch /data/execed`;
    const command = ['sh', '-c', script];
    await collect(engine.client.containers.exec({ container: all.logging.id, command, detach: true }));
    await vi.waitUntil(() => lastProbe(all.checked.id), patience);
    await vi.waitUntil(async () => (await inspect(all.crashing.id)).state.restartCount > 0, patience);
    return all;
  }

  it.each([
    [['zygote']],
    [['agent']],
    [['engine']],
    [['agent', 'zygote']],
    [['engine', 'agent', 'zygote']],
  ] satisfies [readonly Victim[]][])('of %j loses none of them, no exit and no line', async (victims) => {
    const { logging, ending, checked, crashing } = await runAll();
    await kill(victims);
    // With the engine dead too, nobody sees it happen.
    await told.tell('gone');
    await told.heardOf('execed');
    if (victims.includes('engine')) await engine.start();
    await vi.waitUntil(async () => (await agentPid()) !== null, patience);

    expect((await inspect(logging.id)).state).toMatchObject({ status: 'running', pid: logging.state.pid });
    expect((await inspect(checked.id)).state).toMatchObject({ status: 'running', pid: checked.state.pid });
    expect(await wait(ending.id)).toMatchObject({ code: 5, signal: null });
    expect(await told.containers.log(ending.id)).toBe('last words\n');

    const { restartCount } = (await inspect(crashing.id)).state;
    const probe = await lastProbe(checked.id);
    await vi.waitUntil(async () => (await lastProbe(checked.id)) > probe, patience);
    await vi.waitUntil(async () => (await inspect(crashing.id)).state.restartCount > restartCount, patience);
    expect(await told.containers.output('echo a new one')).toBe('a new one\n');

    await told.tell('end');
    expect(await wait(logging.id)).toMatchObject({ code: 7 });
    const lines = Number(await readFile(join(told.folder, 'count'), 'utf8'));
    expect(lines).toBeGreaterThan(1000);
    const log = await told.containers.log(logging.id);
    expect(log.split('\n').slice(0, -1)).toEqual(Array.from({ length: lines }, (_, at) => String(at + 1)));
  });
});

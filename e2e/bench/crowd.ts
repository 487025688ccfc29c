import { setMaxListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Engine } from '@longshore/engine';
import { containerRequest } from '@longshore/engine/contract';

/** What many containers at once cost, in milliseconds for all of them and KiB of memory that is nobody else's. */
export interface Crowd {
  readonly size: number;
  readonly startMs: number;
  readonly listMs: number;
  readonly stopMs: number;
  readonly removeMs: number;
  readonly supervisorKiB: number;
  readonly agentKiB: number;
}

const context = { signal: new AbortController().signal };
// Many calls at once share it.
setMaxListeners(0, context.signal);
/** As many as a person's script would start at once. */
const AT_ONCE = 8;

/** Containers of `sleep` on the default bridge: started, listed, stopped and removed. */
export async function measureCrowd(engine: Engine, image: string, size: number): Promise<Crowd> {
  const { containers } = engine.handlers;
  const ids: string[] = [];
  const startMs = await timed(() =>
    inTurns(size, async () => {
      // As PID 1 sleep would not take TERM, and each stop would last its whole timeout.
      const command = ['sleep', '100000'];
      const request = containerRequest.parse({ image, command, init: true });
      ids.push((await containers.run(request, context)).id);
    }),
  );
  const listMs = await timed(() => containers.list({ all: true }, context));
  const memory = await memoryOf(engine);
  const stopMs = await timed(() =>
    inTurns(size, (index) => containers.stop({ container: ids[index] ?? '' }, context)),
  );
  const removeMs = await timed(() =>
    inTurns(size, (index) =>
      containers.remove({ container: ids[index] ?? '', force: false, volumes: false }, context),
    ),
  );
  return { size, startMs, listMs, stopMs, removeMs, ...memory };
}

export function formatCrowd(crowd: Crowd): string {
  const each = (ms: number) => `${ms.toFixed(0)} ms, ${(ms / crowd.size).toFixed(1)} ms each`;
  return [
    `${crowd.size} containers of \`sleep\` on the default bridge, ${AT_ONCE} at a time`,
    `  start          ${each(crowd.startMs)}`,
    `  list           ${crowd.listMs.toFixed(1)} ms`,
    `  stop           ${each(crowd.stopMs)}`,
    `  remove         ${each(crowd.removeMs)}`,
    `  one supervisor ${crowd.supervisorKiB} KiB (PSS)`,
    `  the agent      ${crowd.agentKiB} KiB (PSS)`,
  ].join('\n');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function inTurns(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function memoryOf(engine: Engine): Promise<Pick<Crowd, 'supervisorKiB' | 'agentKiB'>> {
  const { agent } = await engine.handlers.system.info({}, context);
  if (agent.status !== 'running') throw new Error(`The agent is ${agent.status}.`);
  const supervisors = readdirSync('/proc').filter(isSupervisor);
  const total = supervisors.reduce((sum, pid) => sum + pssKiB(pid), 0);
  return {
    supervisorKiB: Math.round(total / Math.max(supervisors.length, 1)),
    agentKiB: pssKiB(String(agent.pid)),
  };
}

function isSupervisor(pid: string): boolean {
  if (!/^\d+$/.test(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'longshore-super\n';
  } catch {
    // It has ended since.
    return false;
  }
}

function pssKiB(pid: string): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
}

import { describe, expect, it } from 'vitest';
import type {
  RunRequest,
  RunResult,
  Runtime,
  RuntimeContainer,
  RuntimeStatsBatch,
} from '../../runtime/index.ts';
import { all, eventsUntilExit, exec, firstLine, none } from './runtime-questions.ts';

type Run = (
  command: readonly string[],
  more?: Partial<RunRequest>,
) => Promise<RunResult & { readonly id: string }>;

const SIGTERM = 15;
const SIGKILL = 9;
const MIB = 1024 * 1024;
const FOREVER = ['sleep', '1000'];
const UNTIL_TERM = ['sh', '-c', "trap 'exit 5' TERM; echo ready; sleep 1000 & wait"];

/** What a runtime promises of containers that run: pauses, other limits, processes, statistics, signals to execs. */
export function describeControl(
  runtime: () => Runtime,
  run: Run,
  listed: (id: string) => Promise<RuntimeContainer | undefined>,
): void {
  describe('pause', () => {
    it('is listed, told once each way, and holds signals back', async () => {
      const { id } = await run(UNTIL_TERM);
      await firstLine(runtime(), id);
      const { asOfSeq } = await runtime().list();
      await runtime().pause(id);
      await runtime().pause(id);
      expect(await listed(id)).toMatchObject({ running: true, paused: true });
      await runtime().signal(id, SIGTERM);
      expect(await listed(id)).toMatchObject({ running: true, paused: true });
      await runtime().resume(id);
      const events = await eventsUntilExit(runtime(), asOfSeq, id);
      expect(events.map(({ kind }) => kind)).toEqual(['paused', 'resumed', 'exited']);
      expect(events.at(-1)).toMatchObject({ exit: { code: 5 } });
    });

    it('refuses execs; ending it when there is none is a success', async () => {
      const { id } = await run(FOREVER);
      await runtime().resume(id);
      await runtime().pause(id);
      await expect(all(runtime().exec(exec(id, ['true']), none()))).rejects.toMatchObject({
        code: 'failed-precondition',
      });
      await runtime().delete(id, true);
    });

    it('of one that does not run is refused', async () => {
      const { asOfSeq } = await runtime().list();
      const { id } = await run(['true']);
      await eventsUntilExit(runtime(), asOfSeq, id);
      const refused = { code: 'failed-precondition' };
      await expect(runtime().pause(id)).rejects.toMatchObject(refused);
      await expect(runtime().resume(id)).rejects.toMatchObject(refused);
      await expect(runtime().update(id, { pids: { limit: 9 } })).rejects.toMatchObject(refused);
      await expect(runtime().processes(id)).rejects.toMatchObject(refused);
    });
  });

  describe('signalExec', () => {
    it('ends an exec and leaves its container', async () => {
      const { id } = await run(FOREVER);
      const request = exec(id, FOREVER);
      const outputs = runtime().exec(request, none())[Symbol.asyncIterator]();
      await expect(outputs.next()).resolves.toMatchObject({ value: { kind: 'ready' } });
      await runtime().signalExec(id, request.execId, SIGKILL);
      await expect(outputs.next()).resolves.toMatchObject({ value: { kind: 'exited', code: 137 } });
      expect(await listed(id)).toMatchObject({ running: true });
      await expect(runtime().signalExec(id, request.execId, SIGKILL)).rejects.toMatchObject({
        code: 'not-found',
      });
    });
  });

  describe('processes', () => {
    it('has the init with its command', async () => {
      const { id, pid } = await run(FOREVER);
      const { processes, truncated } = await runtime().processes(id);
      expect(truncated).toBe(false);
      expect(processes).toMatchObject([{ pid, pidInside: 1, uid: 0, name: 'sleep', args: FOREVER }]);
    });
  });

  describe('update and stats', () => {
    const first = async (batches: AsyncIterable<RuntimeStatsBatch>) => (await all(batches))[0];

    it('a limit that changes is a limit that is shown', async () => {
      const { id } = await run(FOREVER);
      await runtime().update(id, { memory: { limit: 64 * MIB } });
      await runtime().update(id, { pids: { limit: 20 } });
      const batch = await first(runtime().stats({ ids: [id], intervalMs: 0 }));
      expect(batch?.containers).toMatchObject([
        { id, memory: { limitBytes: 64 * MIB }, pids: { current: 1, limit: 20 } },
      ]);
    });

    it('comes again and again, with counters that grow, until its reader leaves', async () => {
      const { id } = await run(FOREVER);
      const seen: RuntimeStatsBatch[] = [];
      for await (const batch of runtime().stats({ ids: [id], intervalMs: 100 })) {
        seen.push(batch);
        if (seen.length === 2) break;
      }
      const [before, after] = seen;
      expect(after?.hostCpuNs).toBeGreaterThan(before?.hostCpuNs ?? Infinity);
      expect(seen.map(({ containers }) => containers.map((stats) => stats.id))).toEqual([[id], [id]]);
      expect(before?.onlineCpus).toBeGreaterThan(0);
    });

    it('leaves out what does not run', async () => {
      const { asOfSeq } = await runtime().list();
      const { id } = await run(['true']);
      await eventsUntilExit(runtime(), asOfSeq, id);
      const batch = await first(runtime().stats({ ids: [id], intervalMs: 0 }));
      expect(batch?.containers).toEqual([]);
    });
  });
}

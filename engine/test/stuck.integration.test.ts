import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../src/testing/runtime/collect.ts';
import { describeReal, RealEngine } from './real-agent.ts';
import { FrozenDisk } from './support/frozen-disk.ts';
import { parentOf, stateOf } from './support/process-state.ts';
import { RealContainers } from './support/real-containers.ts';

const SLEEP = ['sleep', '1000'];
/** Far more than any of it takes on a busy machine, and less than the patience of any call with a stuck process. */
const SOON_MS = 4000;

interface Stuck {
  readonly id: string;
  /** Not with one that this would free. */
  readonly isStopped: boolean;
  /** Lets it go on. */
  release(): Promise<unknown>;
}

describeReal(
  'a container that is stuck',
  () => {
    let engine: RealEngine;
    let containers: RealContainers;
    let disk: FrozenDisk;

    beforeAll(async () => {
      engine = await RealEngine.open();
      disk = await FrozenDisk.make();
      const { id } = await engine.client.images.installStarter({ name: 'busybox' });
      containers = new RealContainers(engine, id);
    });
    afterAll(async () => {
      await disk.thaw();
      await engine[Symbol.asyncDispose]();
      await disk[Symbol.asyncDispose]();
    });

    async function stopped(which: 'init' | 'supervisor'): Promise<Stuck> {
      const { id, state } = await containers.run(SLEEP);
      const init = state.pid ?? 0;
      const pid = which === 'init' ? init : await parentOf(init);
      process.kill(pid, 'SIGSTOP');
      await expect.poll(() => stateOf(pid)).toBe('T');
      const release = async () => process.kill(pid, 'SIGCONT');
      return { id, isStopped: which === 'supervisor', release };
    }

    async function paused(): Promise<Stuck> {
      const { id } = await containers.run(SLEEP);
      await engine.client.containers.pause({ container: id });
      return { id, isStopped: false, release: () => engine.client.containers.unpause({ container: id }) };
    }

    async function waitingForDisk(): Promise<Stuck> {
      await disk.freeze();
      const mounts = [{ type: 'bind' as const, source: disk.folder, target: '/data' }];
      const { id, state } = await containers.run(['sh', '-c', 'echo > /data/x; sleep 1000'], { mounts });
      await expect.poll(() => stateOf(state.pid ?? 0)).toBe('D');
      return { id, isStopped: true, release: () => disk.thaw() };
    }

    describe.each([
      ['its init being stopped', () => stopped('init')],
      ['its supervisor being stopped', () => stopped('supervisor')],
      ['paused', paused],
      ['its init waiting for a disk', waitingForDisk],
    ] satisfies [string, () => Promise<Stuck>][])('%s', (_, stick) => {
      it('delays no other one, and no list', async () => {
        const calls = engine.client.containers;
        const other = await containers.run(SLEEP);
        const stuck = await stick();
        const { id: container, isStopped } = stuck;
        // All that waits for it, at once. What comes of it, and when, is its own affair.
        const { signal, ...abort } = abortable();
        const waiting = [
          ...(isStopped ? [calls.stop({ container, timeoutSeconds: 0 }, { signal })] : []),
          collect(calls.exec({ container, command: ['true'] }, { signal })),
          collect(calls.export({ container }, { signal })),
          calls.processes({ container }, { signal }),
        ].map((call: Promise<unknown>) => call.catch(() => undefined));

        await soon('list', calls.list({}));
        await soon('inspect', calls.inspect({ container }));
        await soon('stats', first(calls.stats({})));
        await soon('run', containers.run(SLEEP));
        const said = await soon(
          'exec',
          collect(calls.exec({ container: other.id, command: ['echo', 'ahoy'] })),
        );
        expect(said.some((it) => it.kind === 'stdout' && Buffer.from(it.data).includes('ahoy'))).toBe(true);
        await soon('pause', calls.pause({ container: other.id }));
        await soon('unpause', calls.unpause({ container: other.id }));
        await soon('stop', calls.stop({ container: other.id, timeoutSeconds: 0 }));
        await soon('start', calls.start({ container: other.id }));
        await soon('remove', containers.remove(other.id));

        abort.abort();
        await stuck.release();
        await Promise.all(waiting);
        await containers.remove(container);
        expect((await calls.list({})).map(({ id }) => id)).not.toContain(container);
      });
    });
  },
  ['fsfreeze', 'mkfs.ext4'],
);

function abortable(): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

async function first<T>(items: AsyncIterable<T>): Promise<T> {
  for await (const item of items) return item;
  throw new Error('There is nothing.');
}

async function soon<T>(what: string, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} takes more than ${SOON_MS} ms`)), SOON_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

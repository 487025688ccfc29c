import { randomBytes } from 'node:crypto';
import { chmod, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BuildEvent, CacheMiss } from '../src/types/index.ts';
import { describeReal } from './real-agent.ts';
import { BuildBench, type BuildOutcome } from './support/real-builds.ts';

describeReal('the cache of builds', cache);

function cache(): void {
  const bench = BuildBench.use();

  /** Nothing of it is in any cache. */
  const unique = (): string => randomBytes(8).toString('hex');

  it('has every step again, and makes the very same image', async () => {
    await bench.context.write('f', unique());
    const dockerfile = 'FROM busybox\nWORKDIR /w\nCOPY f .\nRUN cat f > g\nENV A=1';
    const first = await bench.built(dockerfile);
    const second = await bench.built(dockerfile);
    expect(missesOf(second)).toEqual([]);
    expect(second.result).toEqual(first.result);
  });

  it('tells why a step is built anew', async () => {
    await bench.context.write('f', unique());
    const salt = unique();
    const dockerfile = (more = '') =>
      `FROM busybox\nARG WORD=one\nCOPY f /\nRUN echo ${salt} $WORD ${more} > /said\nRUN true`;
    expect(missesOf(await bench.built(dockerfile()))).toEqual(['first-time', 'first-time', 'first-time']);
    expect(missesOf(await bench.built(dockerfile('more')))).toEqual([
      'instruction-changed',
      'parent-changed',
    ]);
    const other = { buildArgs: { WORD: 'two' } };
    expect(missesOf(await bench.built(dockerfile('more'), other))).toEqual([
      'variables-changed',
      'parent-changed',
    ]);
    await bench.context.write('f', unique());
    const all = ['files-changed', 'parent-changed', 'parent-changed'];
    expect(missesOf(await bench.built(dockerfile('more'), other))).toEqual(all);
    expect(missesOf(await bench.built(dockerfile(), { noCache: true }))).toEqual([
      'no-cache',
      'no-cache',
      'no-cache',
    ]);
  });

  it('looks at the content, the names and the permissions of files, and not at their times', async () => {
    const file = join(bench.context.path, 'f');
    await bench.context.write('f', unique());
    const dockerfile = 'FROM busybox\nCOPY . /c';
    await bench.built(dockerfile);
    await utimes(file, 1, 1);
    expect(missesOf(await bench.built(dockerfile))).toEqual([]);
    await chmod(file, 0o600);
    expect(missesOf(await bench.built(dockerfile))).toEqual(['files-changed']);
  });

  it('misses for files that a step takes, and not for others', async () => {
    await bench.context.write('taken', unique());
    await bench.context.write('left', unique());
    const dockerfile = 'FROM busybox\nRUN --mount=source=taken,target=/t cat /t > /copy';
    await bench.built(dockerfile);
    await bench.context.write('left', unique());
    expect(missesOf(await bench.built(dockerfile))).toEqual([]);
    await bench.context.write('taken', unique());
    expect(missesOf(await bench.built(dockerfile))).toEqual(['files-changed']);
  });

  it('is not asked for stages that are to be built anew', async () => {
    const salt = unique();
    const dockerfile = `
      FROM busybox AS a
      RUN echo ${salt} > /a
      FROM busybox AS b
      RUN echo ${salt} > /b
      FROM scratch
      COPY --from=a /a /
      COPY --from=b /b /`;
    await bench.built(dockerfile);
    expect(missesOf(await bench.built(dockerfile, { noCacheStages: ['b'] }))).toEqual(['no-cache']);
  });

  it('does the same step of two builds once', async () => {
    const command = `RUN cat /proc/sys/kernel/random/uuid > /id; sleep 0.5; echo ${unique()}`;
    const [one, other] = await Promise.all([
      bench.built(`FROM busybox\n${command}`),
      bench.built(`FROM busybox AS x\n${command}`),
    ]);
    expect(one.result?.imageId).toBe(other.result?.imageId);
    expect(one.log).toBe(other.log);
  });

  it('makes the same digests anew of the same input, with SOURCE_DATE_EPOCH', async () => {
    await bench.context.write('f', unique());
    const dockerfile =
      'FROM busybox\nRUN date > /dev/null; mkdir -p /a/b; echo x > /a/b/c\nCOPY f /\nWORKDIR /w';
    const settings = { noCache: true, buildArgs: { SOURCE_DATE_EPOCH: '1000000000' } };
    const [first, second] = [
      await bench.built(dockerfile, settings),
      await bench.built(dockerfile, settings),
    ];
    expect(second.result).toEqual(first.result);
    const { createdAt } = await bench.engine.client.images.inspect({ image: first.result?.imageId ?? '' });
    expect(createdAt).toBe('2001-09-09T01:46:40.000Z');
  });

  it('outlives the bench.engine, and images that were removed; what is pruned is built anew', async () => {
    const dockerfile = `FROM busybox\nRUN echo ${unique()} > /f`;
    const { result } = await bench.built(dockerfile);
    await bench.engine.client.images.remove({ image: result?.imageId ?? '' });
    await bench.engine.stop();
    await bench.engine.start();
    expect(missesOf(await bench.built(dockerfile))).toEqual([]);
    await bench.engine.client.images.remove({ image: result?.imageId ?? '' });

    const { entries, reclaimableBytes } = await bench.engine.client.builds.cacheUsage({});
    const { removed, freedBytes } = await bench.engine.client.builds.pruneCache({ all: true });
    expect(removed).toHaveLength(entries.length);
    expect(reclaimableBytes).toBeGreaterThan(0);
    expect(freedBytes).toBeGreaterThan(0);
    expect(missesOf(await bench.built(dockerfile))).toEqual(['first-time']);
  });

  it('keeps the history of builds, with every line they have said', async () => {
    const { events } = await bench.built(`FROM busybox\nRUN echo ${unique()}`, { tags: ['history:1'] });
    const [latest] = await bench.engine.client.builds.list({});
    expect(latest).toMatchObject({ name: 'history:1', status: 'done', steps: 2, cachedSteps: 1 });
    const watched: BuildEvent[] = [];
    for await (const event of bench.engine.client.builds.watch({ build: latest?.id ?? '' }))
      watched.push(event);
    expect(watched.map(readable)).toEqual(events.map(readable));
  });

  it('has nothing of a build that is cancelled', async () => {
    const dockerfileText = `FROM busybox\nRUN echo ${unique()} && sleep 1000`;
    const call = bench.engine.client.builds.build({ context: { kind: 'empty' }, dockerfileText });
    call.end();
    const ended = (async () => {
      for await (const event of call) {
        if (event.type === 'step-log') {
          const [latest] = await bench.engine.client.builds.list({});
          await bench.engine.client.builds.cancel({ build: latest?.id ?? '' });
        }
      }
    })();
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    const [latest] = await bench.engine.client.builds.list({});
    expect(latest).toMatchObject({ status: 'cancelled' });
    expect(await bench.engine.client.containers.list({})).toEqual([]);
  });
}

const readable = (event: BuildEvent): object =>
  event.type === 'step-log' ? { ...event, data: Buffer.from(event.data).toString() } : event;

/** Why steps were built, in the order of the file. */
function missesOf({ events }: BuildOutcome): readonly CacheMiss['reason'][] {
  const misses = new Map<number, CacheMiss['reason']>();
  for (const event of events) {
    if (event.type === 'step-started' && event.miss !== null) misses.set(event.step, event.miss.reason);
  }
  return [...misses].sort(([a], [b]) => a - b).map(([, reason]) => reason);
}

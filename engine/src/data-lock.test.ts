import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataLock } from './data-lock.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'longshore-lock-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

describe('DataLock', () => {
  it('is held by one, and free again after', async () => {
    const lock = await DataLock.acquire(data);
    await expect(DataLock.acquire(data)).rejects.toMatchObject({
      code: 'conflict',
      message: `The data in ${data} is in use by the engine with process id ${process.pid}.`,
    });
    await lock[Symbol.asyncDispose]();
    const next = await DataLock.acquire(data);
    await next[Symbol.asyncDispose]();
    expect(await readdir(join(data, 'engine'))).toEqual([]);
  });

  it('is held by one that does not answer, and taken over once that is killed', async () => {
    const holder = await silentHolder();
    await expect(DataLock.acquire(data)).rejects.toMatchObject({ code: 'conflict' });
    await kill(holder);
    const lock = await DataLock.acquire(data);
    await lock[Symbol.asyncDispose]();
  });

  it('goes to exactly one of many that come at once, after a death', async () => {
    await kill(await silentHolder());
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => DataLock.acquire(data)));
    const held = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(held).toHaveLength(1);
    for (const { value } of held) await value[Symbol.asyncDispose]();
  });

  it('says that a path is too long for a socket', async () => {
    await expect(DataLock.acquire(join(data, 'x'.repeat(100)))).rejects.toMatchObject({
      detail: { errno: 'ENAMETOOLONG' },
    });
  });
});

async function silentHolder(): Promise<ChildProcess> {
  await mkdir(join(data, 'engine'));
  const script = `require('net').createServer().listen(process.argv[1], () => console.log('held'))`;
  const holder = spawn(process.execPath, ['-e', script, join(data, 'engine', 'lock.sock')]);
  await once(holder.stdout, 'data');
  return holder;
}

async function kill(holder: ChildProcess): Promise<void> {
  holder.kill('SIGKILL');
  await once(holder, 'exit');
}

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataFolder } from './data-folder.ts';
import { RecordStore } from './record-store.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'longshore-records-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const schema = z.object({ count: z.number() });

function open(): Promise<RecordStore<{ count: number }>> {
  return RecordStore.open({ directory, schema });
}

describe('a record', () => {
  it('is there again after a restart, until it is deleted', async () => {
    const store = await open();
    await store.put('a', { count: 1 });
    await store.put('b', { count: 2 });
    await store.delete('b');
    await store.delete('never-was');
    const again = await open();
    expect(again.get('a')).toEqual({ count: 1 });
    expect(again.ids()).toEqual(['a']);
  });

  it('loses no change of many at once', async () => {
    const store = await open();
    const add = () => store.update('a', (current) => ({ count: (current?.count ?? 0) + 1 }));
    await Promise.all(Array.from({ length: 50 }, add));
    expect((await open()).get('a')).toEqual({ count: 50 });
  });

  it('stays as it was when a change fails', async () => {
    const store = await open();
    await store.put('a', { count: 1 });
    await expect(store.put('a', { count: 'x' } as never)).rejects.toThrow();
    await store.put('a', { count: store.get('a')!.count + 1 });
    expect((await open()).get('a')).toEqual({ count: 2 });
  });

  it.each(['', '../a', 'a/b', '.hidden', '..', 'a\u0000', 'x'.repeat(251)])(
    'is refused under the id %j',
    async (id) => {
      const store = await open();
      await expect(store.put(id, { count: 1 })).rejects.toMatchObject({ code: 'invalid-argument' });
      expect(await readdir(directory)).toEqual([]);
    },
  );

  it.each([
    ['torn', (text: string) => text.slice(0, text.length / 2)],
    ['emptied', () => ''],
    ['zeroed', (text: string) => '\0'.repeat(text.length)],
    ['of another shape', () => '{"id":"a","value":{"count":"many"}}'],
    ['of another id', (text: string) => text.replace('"a"', '"b"')],
  ])('whose file is %s is set aside, and the others load', async (_name, damage) => {
    const store = await open();
    await store.put('a', { count: 1 });
    await store.put('good', { count: 2 });
    const path = join(directory, 'a.json');
    await writeFile(path, damage(await readFile(path, 'utf8')));
    const again = await open();
    expect(again.ids()).toEqual(['good']);
    expect(again.quarantined).toMatchObject([{ id: 'a', path: join(directory, 'quarantine', 'a.json') }]);
    await again.put('a', { count: 3 });
    expect((await open()).quarantined).toEqual([]);
  });

  it('half-written by a crash leaves nothing', async () => {
    await writeFile(join(directory, '.tmp-a.json-1'), '{"id":');
    const store = await open();
    expect(store.quarantined).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('a data folder', () => {
  it('keeps its identity', async () => {
    const first = await openDataFolder(directory);
    expect((await openDataFolder(directory)).id).toBe(first.id);
  });

  it('of a newer format is refused and left alone', async () => {
    const { id } = await openDataFolder(directory);
    const file = join(directory, 'longshore.json');
    const newer = JSON.stringify({ id, format: 99 });
    await writeFile(file, newer);
    await expect(openDataFolder(directory)).rejects.toMatchObject({ code: 'failed-precondition' });
    expect(await readFile(file, 'utf8')).toBe(newer);
  });

  it('with a damaged identity is refused', async () => {
    await writeFile(join(directory, 'longshore.json'), '{');
    await expect(openDataFolder(directory)).rejects.toMatchObject({ detail: { step: 'data-identity' } });
  });
});

import { describe, expect, it } from 'vitest';
import { KeyedMutex } from './keyed-mutex.ts';

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('KeyedMutex', () => {
  it('lets one at a time through per key, in order', async () => {
    const mutex = new KeyedMutex();
    const first = gate();
    const order: string[] = [];
    const a = mutex.run('k', async () => {
      order.push('a begins');
      await first.opened;
      order.push('a ends');
    });
    const b = mutex.run('k', async () => void order.push('b'));
    const c = mutex.run('k', async () => void order.push('c'));
    first.open();
    await Promise.all([a, b, c]);
    expect(order).toEqual(['a begins', 'a ends', 'b', 'c']);
  });

  it('does not let a stuck key delay another', async () => {
    const mutex = new KeyedMutex();
    const never = gate();
    const stuck = mutex.run('stuck', () => never.opened);
    await expect(mutex.run('other', async () => 'through')).resolves.toBe('through');
    never.open();
    await stuck;
  });

  it('frees the key when the work throws', async () => {
    const mutex = new KeyedMutex();
    await expect(mutex.run('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(mutex.run('k', async () => 1)).resolves.toBe(1);
  });

  it('never begins work whose caller left while waiting, and keeps the order of the rest', async () => {
    const mutex = new KeyedMutex();
    const first = gate();
    const abort = new AbortController();
    const order: string[] = [];
    const a = mutex.run('k', () => first.opened);
    const b = mutex.run('k', async () => void order.push('b'), abort.signal);
    const c = mutex.run('k', async () => void order.push('c'));
    abort.abort();
    await expect(b).rejects.toMatchObject({ code: 'cancelled' });
    expect(order).toEqual([]);
    first.open();
    await Promise.all([a, c]);
    expect(order).toEqual(['c']);
  });
});

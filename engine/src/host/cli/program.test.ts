import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from './main.ts';

afterEach(() => vi.restoreAllMocks());

/** The exit code and the words of a command line that needs no engine, or finds none. */
async function type(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
  const code = await main(['node', 'longshore', '--data', '/nonexistent', ...words], '1.2.3');
  return { code, out, err };
}

describe('a command line as docker users type it', () => {
  it('exits as docker does: 125 for flags, 1 for other usage, and 125 when run finds no engine', async () => {
    expect((await type('run', '--colour', 'debian')).code).toBe(125);
    expect((await type('ps', '--colour')).code).toBe(125);
    expect((await type('run', '--memory', 'much', 'debian')).code).toBe(125);
    expect((await type('run')).code).toBe(1);
    expect((await type('fly')).code).toBe(1);
    expect((await type('run', 'debian')).code).toBe(125);
    expect((await type('container', 'run', 'debian')).code).toBe(125);
    expect((await type('exec', 'web', 'ls')).code).toBe(1);
    expect((await type('ps')).code).toBe(1);
  });

  it('tells of flags that do not go together', async () => {
    const { code, err } = await type('network', 'create', '--aux-address', 'printer=10.9.0.5', 'sea');
    expect(code).toBe(125);
    expect(err).toContain('no --subnet has the --aux-address 10.9.0.5');
  });

  it.each([
    [['run', '--gpus=all', 'debian'], 'does not have that yet'],
    [['version', '-f', '{{.Server}}'], 'have templates yet'],
    [['events', '--filter', 'type=image'], 'have filters yet'],
  ])('says of %j what there is instead', async (words, reason) => {
    expect((await type(...words)).err).toContain(reason);
  });

  it.each([['run'], ['ps'], ['container', 'ls'], ['image', 'rm'], ['inspect'], ['serve']])(
    'explains %s %s',
    async (...words) => {
      const { code, out } = await type(...words, '--help');
      expect(code).toBe(0);
      expect(out).toContain('Usage: longshore');
    },
  );

  it('prints its version without an engine', async () => {
    expect(await type('-v')).toMatchObject({ code: 0, out: '1.2.3\n' });
  });
});

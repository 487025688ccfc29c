import { describe, expect, it } from 'vitest';
import type { ContainerProcess } from '../../../types/index.ts';
import { processColumns, processFormat } from './process-columns.ts';
import { formatItems } from './template.ts';

const NOW = new Date('2026-01-02T12:00:00Z');

const INIT: ContainerProcess = {
  pid: 4127,
  parentPid: 4100,
  pidInside: 1,
  uid: 0,
  gid: 0,
  tty: null,
  startedAt: '2026-01-02T11:00:00Z',
  cpuNs: 3_725_000_000_000,
  state: 'S',
  residentBytes: 4_194_304,
  virtualBytes: 8_388_608,
  threads: 2,
  name: 'nginx',
  args: ['nginx', '-g', 'daemon off;'],
};

const top = (...options: string[]) => formatItems([INIT], processFormat(options), processColumns(NOW));
const words = (line: string | undefined) => line?.split(/ {2,}/);

describe('top', () => {
  it('has the columns of ps -ef', () => {
    const [headings, row] = top().map(words);
    expect(headings).toEqual(['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD']);
    expect(row).toMatchObject([
      'root',
      '4127',
      '4100',
      '103',
      expect.any(String),
      '?',
      '01:02:05',
      'nginx -g daemon off;',
    ]);
  });

  it('has those of aux, and any that are asked for', () => {
    expect(words(top('aux')[0])).toContain('%CPU');
    expect(top('-o', 'pid,rss,args').map(words)).toEqual([
      ['PID', 'RSS', 'CMD'],
      ['4127', '4096', 'nginx -g daemon off;'],
    ]);
    expect(top('-eo', 'pid').map(words)).toEqual([['PID'], ['4127']]);
  });

  it('shows the name of what hides its arguments', () => {
    const [, row] = formatItems([{ ...INIT, args: [] }], processFormat(['-o', 'cmd']), processColumns(NOW));
    expect(row).toBe('[nginx]');
  });

  it('refuses what it does not know', () => {
    expect(() => top('--sort=-rss')).toThrow('are not known here');
    expect(() => top('-o', 'colour')).toThrow('not known here');
  });
});

import { describe, expect, it } from 'vitest';
import type { ContainerProcess } from '../../types/index.ts';
import { processTable } from './process-table.ts';

const NOW = Date.parse('2026-01-01T12:00:00');

const SLEEP: ContainerProcess = {
  pid: 41,
  parentPid: 40,
  pidInside: 1,
  uid: 0,
  gid: 0,
  tty: null,
  startedAt: new Date(NOW - 100_000).toISOString(),
  cpuNs: 10_000_000_000,
  state: 'S',
  residentBytes: 4096,
  virtualBytes: 8192,
  threads: 1,
  name: 'sleep',
  args: ['sleep', '1000'],
};

describe('top', () => {
  it('is what ps -ef prints', () => {
    expect(processTable([SLEEP], '-ef', NOW)).toEqual({
      Titles: ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'],
      Processes: [['root', '41', '40', '10', '11:58', '?', '00:00:10', 'sleep 1000']],
    });
  });

  it.each([
    ['aux', ['USER', 'PID', '%CPU', 'VSZ', 'RSS', 'TTY', 'STAT', 'START', 'TIME', 'COMMAND']],
    ['-o pid,comm', ['PID', 'COMMAND']],
    ['-eo pid,ppid', ['PID', 'PPID']],
    ['o user,%cpu', ['USER', '%CPU']],
  ])('has the columns of %s', (options, titles) => {
    expect(processTable([], options, NOW)).toMatchObject({ Titles: titles });
  });

  it('names a process that has no command line any more', () => {
    const zombie = { ...SLEEP, args: [], state: 'Z', uid: 1000 };
    expect(processTable([zombie], '-o user,cmd,stat', NOW)).toMatchObject({
      Processes: [['1000', '[sleep]', 'Z']],
    });
  });

  it.each(['--forest', '-o colour', '-o constructor', '$(reboot)'])('refuses %s', (options) => {
    expect(() => processTable([SLEEP], options, NOW)).toThrow(/not known|unknown user-defined/);
  });
});

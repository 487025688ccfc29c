import { describe, expect, it } from 'vitest';
import { LiveTable } from './live-table.ts';
import { type StatsRow, statsColumns } from './stats-columns.ts';
import { formatItems } from './template.ts';

const MIB = 1024 * 1024;

const BUSY: StatsRow = {
  id: 'a'.repeat(64),
  name: 'web',
  at: '',
  cpu: {
    fraction: 1.5,
    usageNs: 0,
    userNs: 0,
    systemNs: 0,
    perCpuNs: [],
    periods: 0,
    throttledPeriods: 0,
    throttledNs: 0,
    hostNs: 0,
    onlineCpus: 2,
  },
  memory: {
    usedBytes: 20 * MIB,
    usageBytes: 30 * MIB,
    maxUsageBytes: 0,
    limitBytes: 64 * MIB,
    anonBytes: 0,
    fileBytes: 0,
    inactiveFileBytes: 10 * MIB,
    kernelBytes: 0,
    swapBytes: 0,
    oomKills: 0,
  },
  pids: { current: 3, limit: null },
  network: { receivedBytes: 1234, sentBytes: 656 },
  blockIo: { readBytes: 4_200_000, writeBytes: 0 },
};

const format = (row: StatsRow, text: string) => formatItems([row], text, statsColumns(true))[0];

describe('the columns of stats', () => {
  it('are as docker writes them', () => {
    expect(format(BUSY, '{{.ID}} {{.CPUPerc}} {{.MemUsage}} {{.MemPerc}}')).toBe(
      'aaaaaaaaaaaa 150.00% 20MiB / 64MiB 31.25%',
    );
    expect(format(BUSY, '{{.NetIO}}, {{.BlockIO}}, {{.PIDs}}')).toBe('1.23kB / 656B, 4.2MB / 0B, 3');
  });

  it('are empty for a container that does not run', () => {
    expect(format({ id: 'b', name: 'db' }, '{{.Name}} {{.CPUPerc}} {{.MemUsage}} {{.PIDs}}')).toBe(
      'db -- -- / -- --',
    );
  });
});

describe('a live table', () => {
  const output = (isTTY: boolean, rows = 24) => {
    const written: string[] = [];
    return { isTTY, rows, written, write: (text: string) => written.push(text) };
  };

  it('draws over itself on a terminal, and never more than fits', () => {
    const out = output(true, 3);
    const table = new LiveTable(out, true);
    table.show(['one', 'two', 'three']);
    table.show(['four']);
    expect(out.written).toEqual([
      '\u001b[2J\u001b[Hone\u001b[K\ntwo\u001b[K\n\u001b[J',
      '\u001b[Hfour\u001b[K\n\u001b[J',
    ]);
  });

  it('goes on below itself elsewhere', () => {
    const out = output(false);
    new LiveTable(out, true).show(['one']);
    expect(out.written).toEqual(['one\n']);
  });
});

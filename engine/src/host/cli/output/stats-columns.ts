import type { ContainerStats } from '../../../types/index.ts';
import type { Columns } from './template.ts';
import { humanBinarySize, humanSize } from './units.ts';

/** A container that runs, with all it uses, or one that does not. */
export type StatsRow = Pick<ContainerStats, 'id' | 'name'> & Partial<ContainerStats>;

const NOTHING = '--';
const SHORT_ID = 12;

/** What docker's stats prints. */
export function statsColumns(truncate: boolean): Columns<StatsRow> {
  return {
    ID: { heading: 'CONTAINER ID', value: ({ id }) => (truncate ? id.slice(0, SHORT_ID) : id) },
    Container: { heading: 'CONTAINER', value: ({ id }) => (truncate ? id.slice(0, SHORT_ID) : id) },
    Name: { heading: 'NAME', value: ({ name }) => name },
    CPUPerc: {
      heading: 'CPU %',
      value: ({ cpu }) => (cpu?.fraction == null ? NOTHING : percent(cpu.fraction)),
    },
    MemUsage: {
      heading: 'MEM USAGE / LIMIT',
      value: ({ memory }) => pair(memory?.usedBytes, memory?.limitBytes, humanBinarySize),
    },
    MemPerc: {
      heading: 'MEM %',
      value: ({ memory }) =>
        memory === undefined || memory.limitBytes === 0
          ? NOTHING
          : percent(memory.usedBytes / memory.limitBytes),
    },
    NetIO: {
      heading: 'NET I/O',
      value: ({ network }) => pair(network?.receivedBytes, network?.sentBytes, humanSize),
    },
    BlockIO: {
      heading: 'BLOCK I/O',
      value: ({ blockIo }) => pair(blockIo?.readBytes, blockIo?.writeBytes, humanSize),
    },
    PIDs: { heading: 'PIDS', value: ({ pids }) => (pids === undefined ? NOTHING : String(pids.current)) },
  };
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)}%`;
}

function pair(one: number | undefined, other: number | undefined, words: (bytes: number) => string): string {
  return [one, other].map((bytes) => (bytes === undefined ? NOTHING : words(bytes))).join(' / ');
}

import type { Format } from '../../lib/use-format.ts';
import { joinWords } from '../../lib/shell-words.ts';
import type { MessageId, Text } from '../../messages/use-text.ts';
import type { Column } from '../../ui/data-grid/index.ts';
import type { ProcessRow } from './process-rows.ts';

const STATES: Readonly<Record<string, MessageId>> = {
  R: 'processes.state.R',
  S: 'processes.state.S',
  D: 'processes.state.D',
  Z: 'processes.state.Z',
  T: 'processes.state.T',
  t: 'processes.state.T',
  I: 'processes.state.I',
};

type Numeric = 'pid' | 'pidInside' | 'uid' | 'residentBytes' | 'threads' | 'cpuNs';

const by = (field: Numeric) => (a: ProcessRow, b: ProcessRow) => a[field] - b[field];

export function processColumns(t: Text, format: Format): readonly Column<ProcessRow>[] {
  const stateOf = ({ state }: ProcessRow) => {
    const word = STATES[state];
    return word === undefined ? state : t(word);
  };
  const commandOf = ({ args, name }: ProcessRow) => (args.length === 0 ? `[${name}]` : joinWords(args));
  return [
    {
      id: 'pid',
      header: t('processes.pid'),
      align: 'end',
      cell: (row) => row.pidInside,
      compare: by('pidInside'),
    },
    {
      id: 'process',
      header: t('processes.command'),
      cell: (row) => (
        <span className="mono" title={commandOf(row)}>
          {commandOf(row)}
        </span>
      ),
      compare: (a, b) => commandOf(a).localeCompare(commandOf(b)),
    },
    {
      id: 'cpu',
      header: t('column.cpu'),
      align: 'end',
      cell: (row) => (row.cpu === null ? <span className="text-3">–</span> : format.load(row.cpu)),
      compare: (a, b) => (a.cpu ?? -1) - (b.cpu ?? -1),
    },
    {
      id: 'memory',
      header: t('column.memory'),
      align: 'end',
      cell: (row) => format.memory(row.residentBytes),
      compare: by('residentBytes'),
    },
    {
      id: 'threads',
      header: t('processes.threads'),
      align: 'end',
      cell: (row) => row.threads,
      compare: by('threads'),
    },
    {
      id: 'cpu-time',
      header: t('processes.cpuTime'),
      align: 'end',
      cell: (row) => format.duration(row.cpuNs / 1e6),
      compare: by('cpuNs'),
    },
    {
      id: 'state',
      header: t('processes.state'),
      cell: (row) => <span className="text-2">{stateOf(row)}</span>,
      compare: (a, b) => a.state.localeCompare(b.state),
    },
    { id: 'user', header: t('processes.user'), align: 'end', cell: (row) => row.uid, compare: by('uid') },
    {
      id: 'host-pid',
      header: t('processes.hostPid'),
      align: 'end',
      cell: (row) => row.pid,
      compare: by('pid'),
    },
  ];
}

import type { ContainerSummary } from '@longshore/engine/types';
import { joinWords } from '../../lib/shell-words.ts';
import type { Text } from '../../messages/use-text.ts';
import type { Column } from '../../ui/data-grid/index.ts';
import {
  ActionsCell,
  AddressCell,
  CommandCell,
  NameCell,
  ReferenceText,
  StateCell,
  UptimeCell,
} from './cells.tsx';
import { PortLinks } from '../ports/port-links.tsx';
import { CpuCell, MemoryCell } from './usage-cells.tsx';
import { displayName, lastChange } from './container-list.ts';

export function containerColumns(t: Text): readonly Column<ContainerSummary>[] {
  return [
    {
      id: 'name',
      header: t('column.name'),
      cell: (container) => <NameCell container={container} />,
      compare: (a, b) => displayName(a).localeCompare(displayName(b)),
    },
    {
      id: 'state',
      header: t('column.state'),
      cell: (container) => <StateCell container={container} />,
      compare: (a, b) => a.state.status.localeCompare(b.state.status),
    },
    {
      id: 'image',
      header: t('column.image'),
      hideable: true,
      cell: (container) => <ReferenceText reference={container.image.reference} />,
      compare: (a, b) => a.image.reference.localeCompare(b.image.reference),
    },
    {
      id: 'ports',
      header: t('column.ports'),
      hideable: true,
      cell: (container) => <PortLinks container={container} tabIndex={-1} />,
      compare: (a, b) => (a.ports[0]?.hostPort ?? 0) - (b.ports[0]?.hostPort ?? 0),
    },
    {
      id: 'address',
      header: t('column.address'),
      hideable: true,
      cell: (container) => <AddressCell container={container} />,
    },
    {
      id: 'command',
      header: t('column.command'),
      hideable: true,
      cell: (container) => <CommandCell container={container} />,
      compare: (a, b) => joinWords(a.command).localeCompare(joinWords(b.command)),
    },
    {
      id: 'cpu',
      header: t('column.cpu'),
      align: 'end',
      hideable: true,
      cell: (container) => <CpuCell container={container} />,
    },
    {
      id: 'memory',
      header: t('column.memory'),
      hideable: true,
      cell: (container) => <MemoryCell container={container} />,
    },
    {
      id: 'uptime',
      header: t('column.uptime'),
      align: 'end',
      hideable: true,
      cell: (container) => <UptimeCell container={container} />,
      compare: (a, b) => lastChange(b).localeCompare(lastChange(a)),
    },
    { id: 'actions', header: '', cell: (container) => <ActionsCell container={container} /> },
  ];
}

import type { NetworkSummary } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { Column } from '../../ui/data-grid/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { driverName, networkPath } from './network-list.ts';
import { networkMenu, takesMembers } from './network-menu.ts';

interface CellProps {
  readonly network: NetworkSummary;
}

export function networkColumns(t: Text): readonly Column<NetworkSummary>[] {
  const subnets = (network: NetworkSummary) => network.subnets.map(({ subnet }) => subnet).join(' ');
  return [
    {
      id: 'name',
      header: t('column.name'),
      cell: (network) => <NameCell network={network} />,
      compare: (a, b) => a.name.localeCompare(b.name),
    },
    { id: 'id', header: t('column.id'), hideable: true, cell: (network) => <IdCell network={network} /> },
    {
      id: 'driver',
      header: t('column.driver'),
      cell: (network) => <span className="text-2">{driverName(network.driver)}</span>,
      compare: (a, b) => a.driver.localeCompare(b.driver),
    },
    {
      id: 'subnet',
      header: t('column.subnet'),
      cell: (network) => <SubnetCell network={network} />,
      compare: (a, b) => subnets(a).localeCompare(subnets(b), undefined, { numeric: true }),
    },
    {
      id: 'use',
      header: t('column.usedBy'),
      cell: (network) => <UseCell names={network.usedBy} />,
      compare: (a, b) => b.usedBy.length - a.usedBy.length,
    },
    {
      id: 'created',
      header: t('column.created'),
      align: 'end',
      hideable: true,
      cell: (network) => <CreatedCell at={network.createdAt} />,
      compare: (a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''),
    },
    { id: 'actions', header: '', cell: (network) => <ActionsCell network={network} /> },
  ];
}

function NameCell({ network }: CellProps) {
  const t = useText();
  return (
    <div className="row">
      <Icon name="network" />
      <a className="list-name ellipsis" href={`#${networkPath(network)}`} tabIndex={-1}>
        {network.name}
      </a>
      {network.builtIn && <span className="tag">{t('networks.builtIn')}</span>}
      {network.internal && <span className="tag">{t('networks.internal')}</span>}
    </div>
  );
}

function IdCell({ network }: CellProps) {
  const t = useText();
  return (
    <span className="list-id mono">
      {shortId(network.id)}
      <CopyButton text={network.id} label={t('action.copyId')} tabIndex={-1} />
    </span>
  );
}

function SubnetCell({ network }: CellProps) {
  const [first, ...others] = network.subnets;
  if (first === undefined) return <span className="text-3">–</span>;
  return (
    <span className="mono" title={network.subnets.map(({ subnet }) => subnet).join('\n')}>
      {first.subnet}
      {others.length > 0 && <span className="text-3"> +{others.length}</span>}
    </span>
  );
}

const NAMED = 3;

/** Who has it: the first by name, and how many more. */
export function UseCell({ names }: { readonly names: readonly string[] }) {
  const t = useText();
  if (names.length === 0) return <span className="text-3">{t('images.unused')}</span>;
  const more = names.length - NAMED;
  return (
    <span className="use text-2" title={names.join('\n')}>
      <span className="ellipsis">{names.slice(0, NAMED).join(', ')}</span>
      {more > 0 && <span className="text-3">+{more}</span>}
    </span>
  );
}

export function CreatedCell({ at }: { readonly at: string | null }) {
  const format = useFormat();
  const now = useNow(60_000);
  if (at === null) return <span className="text-3">–</span>;
  return (
    <span className="text-2" title={format.dateTime(at)}>
      {format.ago(at, now)}
    </span>
  );
}

function ActionsCell({ network }: CellProps) {
  const t = useText();
  return (
    <div className="grid-actions">
      <IconButton
        icon="plus"
        label={t('connect.openContainer')}
        tabIndex={-1}
        disabled={!takesMembers(network)}
        onClick={() => openOverlay({ kind: 'connect', network: network.name })}
      />
      <Menu
        trigger={<IconButton icon="kebab" label={t('action.more')} tabIndex={-1} />}
        entries={networkMenu(network, t)}
      />
    </div>
  );
}

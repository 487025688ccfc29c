import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { NetworkSummary } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FilteredList } from '../lists/filtered-list.tsx';
import { ListToolbar } from '../lists/list-toolbar.tsx';
import { SelectionBar } from '../lists/selection-bar.tsx';
import { useListChoice } from '../lists/use-list-choice.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { networkColumns } from './network-columns.tsx';
import {
  isPrunable,
  NETWORK_FILTERS,
  type NetworkFilter,
  networkPath,
  networksView,
} from './network-list.ts';
import { useNetworks } from './queries.ts';
import './networks.css';

const keyOf = (network: NetworkSummary) => network.id;
const nameOf = (network: NetworkSummary) => network.name;

export function NetworksPage() {
  const t = useText();
  const navigate = useNavigate();
  const query = useNetworks();
  const choice = useListChoice<NetworkFilter>();
  const { filter, search, selection } = choice;
  const all = query.data ?? [];
  const view = useMemo(() => networksView(query.data ?? [], filter, search), [query.data, filter, search]);
  const chosen = view.shown.filter((network) => selection.selected.has(network.id));
  return (
    <section className="page" aria-label={t('networks.title')}>
      {chosen.length > 0 ? (
        <NetworksBulkBar networks={chosen} onClear={choice.unselect} />
      ) : (
        <ListToolbar
          list="networks"
          columnsOf={networkColumns}
          choice={choice}
          filters={NETWORK_FILTERS.map((value) => ({
            value,
            label: t(`imageFilter.${value}`),
            count: String(view.counts[value]),
          }))}
        >
          <Button variant="quiet" icon="topology" onClick={() => void navigate('/networks/map')}>
            {t('map.open')}
          </Button>
          <IconButton
            icon="clear"
            label={t('networks.prune')}
            disabled={!all.some(isPrunable)}
            onClick={() => openOverlay({ kind: 'prune-networks' })}
          />
          <Button variant="primary" icon="plus" onClick={() => openOverlay({ kind: 'create-network' })}>
            {t('networks.create')}
          </Button>
        </ListToolbar>
      )}
      <FilteredList
        query={query}
        loading={t('networks.loading')}
        choice={choice}
        list="networks"
        columnsOf={networkColumns}
        rows={view.shown}
        rowKey={keyOf}
        rowLabel={nameOf}
        onOpen={(network) => void navigate(networkPath(network))}
        onRemove={(networks) => openRemoval(networks)}
      />
    </section>
  );
}

/** The built-in ones cannot go, and are not asked about. */
function openRemoval(networks: readonly NetworkSummary[]): void {
  const own = networks.filter((network) => !network.builtIn);
  if (own.length > 0) openOverlay({ kind: 'remove-networks', networks: own });
}

interface NetworksBulkBarProps {
  readonly networks: readonly NetworkSummary[];
  readonly onClear: () => void;
}

function NetworksBulkBar({ networks, onClear }: NetworksBulkBarProps) {
  const t = useText();
  return (
    <SelectionBar count={networks.length} onClear={onClear}>
      <span className="grow" />
      <Button
        variant="danger"
        icon="trash"
        disabled={networks.every((network) => network.builtIn)}
        onClick={() => openRemoval(networks)}
      >
        {t('action.delete')}
      </Button>
    </SelectionBar>
  );
}

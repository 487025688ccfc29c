import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ContainerSummary, NetworkSummary } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { matchesSearch } from '../containers/container-list.ts';
import { hasProcesses } from '../containers/container-state.ts';
import { useContainers } from '../containers/queries.ts';
import { ListStatus } from '../lists/list-status.tsx';
import { NothingFound } from '../lists/nothing-found.tsx';
import { useNetworks } from '../networks/queries.ts';
import { layoutMap } from './map-layout.ts';
import { NetworkMap, type Role } from './network-map.tsx';
import { ReachForm } from './reach-form.tsx';
import { MACHINE, OTHER_HOST, useReach } from './use-reach.ts';
import './network-map.css';

const SHOWN = ['running', 'all'] as const;

/** The networks as a picture, and whether one thing in it can reach another. */
export function MapPage() {
  const t = useText();
  const navigate = useNavigate();
  const networks = useNetworks();
  const [which, setWhich] = useState<(typeof SHOWN)[number]>('running');
  const [search, setSearch] = useState('');
  return (
    <section className="page" aria-label={t('map.title')}>
      <div className="toolbar">
        <SearchField value={search} label={t('containers.search')} onChange={setSearch} />
        <Segmented
          label={t('map.shown')}
          value={which}
          onChange={setWhich}
          options={SHOWN.map((value) => ({ value, label: t(`filter.${value}`) }))}
        />
        <span className="grow" />
        <Button variant="quiet" icon="logs" onClick={() => void navigate('/networks')}>
          {t('map.list')}
        </Button>
      </div>
      <ListStatus query={networks} label={t('networks.loading')}>
        {(all) => (
          <MapBody networks={all} runningOnly={which === 'running'} search={search} onSearch={setSearch} />
        )}
      </ListStatus>
    </section>
  );
}

interface MapBodyProps {
  readonly networks: readonly NetworkSummary[];
  readonly runningOnly: boolean;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

const NONE: readonly ContainerSummary[] = [];

function MapBody({ networks, runningOnly, search, onSearch }: MapBodyProps) {
  const t = useText();
  const all = useContainers().data ?? NONE;
  const shown = useMemo(
    () =>
      all.filter(
        (container) => (!runningOnly || hasProcesses(container.state)) && matchesSearch(container, search),
      ),
    [all, runningOnly, search],
  );
  const layout = useMemo(() => layoutMap(shown, networks), [shown, networks]);
  const reach = useReach();
  const { question, answer } = reach;
  const roles: Record<string, Role> = {
    ...(question.to !== '' && question.to !== OTHER_HOST && { [question.to]: 'to' as const }),
    ...(question.from !== MACHINE && { [question.from]: 'from' as const }),
  };
  const running = all.filter(({ state }) => hasProcesses(state)).map(({ name }) => name);
  const choose = (container: ContainerSummary) => {
    if (!hasProcesses(container.state)) return;
    const port = container.exposedPorts.find(({ protocol }) => protocol === 'tcp')?.containerPort;
    const isStart = question.from === MACHINE || (question.to !== '' && question.from !== MACHINE);
    if (isStart) reach.change({ from: container.name, to: '', port: '' });
    else if (container.name === question.from) reach.change({ from: MACHINE });
    else reach.change({ to: container.name, port: port === undefined ? '' : String(port) });
  };
  if (all.length > 0 && shown.length === 0 && search !== '') {
    return <NothingFound search={search} onClear={() => onSearch('')} />;
  }
  if (all.length === 0) return <EmptyState title={t('map.none')} text={t('map.noneText')} />;
  const tone =
    answer !== null && 'result' in answer
      ? answer.result.outcome === 'connected'
        ? ('ok' as const)
        : ('bad' as const)
      : undefined;
  return (
    <div className="map">
      <NetworkMap layout={layout} roles={roles} tone={tone} onChoose={choose} />
      <aside className="map-side" aria-label={t('reach.title')}>
        <h2 className="text-strong">{t('reach.title')}</h2>
        <p className="text-3 text-small">{t('reach.text')}</p>
        <ReachForm reach={reach} names={running} />
      </aside>
    </div>
  );
}

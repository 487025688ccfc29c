import { Suspense } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import type { ContainerDetails } from '@longshore/engine/types';
import { lazyPart } from '../../lib/lazy-part.tsx';
import { useText } from '../../messages/use-text.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useContainerDetails } from '../containers/queries.ts';
import { DetailsStatus } from '../details/details-status.tsx';
import { EngineNotice } from '../system/engine-notice.tsx';
import { DetailsHeader } from './details-header.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { DETAIL_TABS, type DetailTab, isDetailTab } from './tabs.ts';
import '../details/details.css';

const LogsTab = lazyPart(() => import('../logs/logs-tab.tsx'));
const TerminalTab = lazyPart(() => import('../terminal/terminal-tab.tsx'));
const StatsTab = lazyPart(() => import('../stats/stats-tab.tsx'));
const ProcessesTab = lazyPart(() => import('../processes/processes-tab.tsx'));
const FilesTab = lazyPart(() => import('../files/container-files-tab.tsx'));
const ChangesTab = lazyPart(() => import('../changes/changes-tab.tsx'));
const EventsTab = lazyPart(() => import('../container-events/events-tab.tsx'));
const InspectView = lazyPart(() => import('../details/inspect-view.tsx'));

export function ContainerPage() {
  const { id = '', tab } = useParams();
  const query = useContainerDetails(id);
  if (!isDetailTab(tab)) return <Navigate to={`/containers/${id}/overview`} replace />;
  return (
    <DetailsStatus query={query} list="containers">
      {(container) => <Details container={container} tab={tab} />}
    </DetailsStatus>
  );
}

interface DetailsProps {
  readonly container: ContainerDetails;
  readonly tab: DetailTab;
}

function Details({ container, tab }: DetailsProps) {
  const t = useText();
  const navigate = useNavigate();
  return (
    <section className="page" aria-label={container.name}>
      <EngineNotice />
      <DetailsHeader container={container} />
      <Tabs
        label={t('containers.details.tabs')}
        value={tab}
        tabs={DETAIL_TABS.map((value) => ({ value, label: t(`tab.${value}`) }))}
        onChange={(next) => void navigate(`/containers/${container.id}/${next}`)}
      >
        <Suspense fallback={<SkeletonRows label={t('containers.details.loading')} />}>
          <TabContent container={container} tab={tab} />
        </Suspense>
      </Tabs>
    </section>
  );
}

function TabContent({ container, tab }: DetailsProps) {
  switch (tab) {
    case 'overview':
      return <OverviewTab container={container} />;
    case 'logs':
      return <LogsTab key={container.id} container={container} />;
    case 'terminal':
      return <TerminalTab key={container.id} container={container} />;
    case 'stats':
      return <StatsTab container={container} />;
    case 'processes':
      return <ProcessesTab container={container} />;
    case 'files':
      return <FilesTab key={container.id} container={container} />;
    case 'changes':
      return <ChangesTab container={container} />;
    case 'events':
      return <EventsTab key={container.id} container={container} />;
    case 'inspect':
      return <InspectView value={container} />;
  }
}

import { lazy, Suspense } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import { isEngineError } from '@longshore/engine/errors';
import type { ContainerDetails } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useContainerDetails } from '../containers/queries.ts';
import { EngineNotice } from '../system/engine-notice.tsx';
import { EngineOff } from '../system/engine-off.tsx';
import { useEngineTrouble } from '../system/engine-trouble.ts';
import { DetailsHeader } from './details-header.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { DETAIL_TABS, type DetailTab, isDetailTab } from './tabs.ts';
import './details.css';

const LogsTab = lazy(() => import('../logs/logs-tab.tsx'));
const TerminalTab = lazy(() => import('../terminal/terminal-tab.tsx'));
const InspectTab = lazy(() => import('./inspect-tab.tsx'));

export function ContainerPage() {
  const { id = '', tab } = useParams();
  const trouble = useEngineTrouble();
  const query = useContainerDetails(id);
  const t = useText();
  if (!isDetailTab(tab)) return <Navigate to={`/containers/${id}/overview`} replace />;
  if (query.data !== undefined && !isEngineError(query.error, 'not-found')) {
    return <Details container={query.data} tab={tab} />;
  }
  if (trouble !== undefined && !isEngineError(query.error, 'not-found'))
    return <EngineOff trouble={trouble} />;
  if (query.error !== null) return <Unavailable error={query.error} />;
  return <SkeletonRows label={t('details.loading')} />;
}

function Unavailable({ error }: { readonly error: unknown }) {
  const t = useText();
  const navigate = useNavigate();
  const gone = isEngineError(error, 'not-found');
  return (
    <EmptyState title={t(gone ? 'details.gone' : 'details.failed')}>
      <div className="empty-actions">
        {!gone && <ErrorNotice {...describeError(error)} />}
        <Button icon="back" onClick={() => void navigate('/containers')}>
          {t('details.back')}
        </Button>
      </div>
    </EmptyState>
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
        label={t('details.tabs')}
        value={tab}
        tabs={DETAIL_TABS.map((value) => ({ value, label: t(`tab.${value}`) }))}
        onChange={(next) => void navigate(`/containers/${container.id}/${next}`)}
      >
        <Suspense fallback={<SkeletonRows label={t('details.loading')} />}>
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
    case 'inspect':
      return <InspectTab container={container} />;
  }
}

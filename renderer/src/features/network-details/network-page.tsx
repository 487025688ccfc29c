import { Suspense } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import type { NetworkDetails } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { lazyPart } from '../../lib/lazy-part.tsx';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { DetailsStatus } from '../details/details-status.tsx';
import { driverName, networkPath } from '../networks/network-list.ts';
import { networkMenu } from '../networks/network-menu.ts';
import { useNetworkDetails } from '../networks/queries.ts';
import { EngineNotice } from '../system/engine-notice.tsx';
import { NetworkOverview } from './network-overview.tsx';
import '../details/details.css';
import './network-details.css';

const InspectView = lazyPart(() => import('../details/inspect-view.tsx'));

const TABS = ['overview', 'inspect'] as const;

export function NetworkPage() {
  const { id = '', tab } = useParams();
  const query = useNetworkDetails(id);
  const shown = TABS.find((each) => each === tab);
  if (shown === undefined) return <Navigate to={`/networks/${id}/overview`} replace />;
  return (
    <DetailsStatus query={query} list="networks">
      {(network) => <Details network={network} tab={shown} />}
    </DetailsStatus>
  );
}

interface DetailsProps {
  readonly network: NetworkDetails;
  readonly tab: (typeof TABS)[number];
}

function Details({ network, tab }: DetailsProps) {
  const t = useText();
  const navigate = useNavigate();
  return (
    <section className="page" aria-label={network.name}>
      <EngineNotice />
      <NetworkHeader network={network} />
      <Tabs
        label={t('networks.details.tabs')}
        value={tab}
        tabs={TABS.map((value) => ({ value, label: t(`tab.${value}`) }))}
        onChange={(next) => void navigate(networkPath(network, next))}
      >
        <Suspense fallback={<SkeletonRows label={t('networks.details.loading')} />}>
          {tab === 'overview' ? (
            <NetworkOverview key={network.id} network={network} />
          ) : (
            <InspectView value={network} />
          )}
        </Suspense>
      </Tabs>
    </section>
  );
}

function NetworkHeader({ network }: { readonly network: NetworkDetails }) {
  const t = useText();
  const navigate = useNavigate();
  return (
    <header className="details-head">
      <div className="row">
        <h1 className="details-name ellipsis">{network.name}</h1>
        {network.builtIn && <span className="tag">{t('networks.builtIn')}</span>}
        {network.internal && <span className="tag">{t('networks.internal')}</span>}
        <span className="grow" />
        <Button icon="topology" onClick={() => void navigate('/networks/map')}>
          {t('map.open')}
        </Button>
        <Menu
          trigger={<IconButton icon="kebab" label={t('action.more')} />}
          entries={networkMenu(network, t)}
        />
      </div>
      <div className="details-meta">
        <span>
          <span className="text-3">{t('column.driver')}</span> {driverName(network.driver)}
        </span>
        {network.subnets.map(({ subnet }) => (
          <span key={subnet} className="mono">
            {subnet}
          </span>
        ))}
        <span className="row mono text-3 details-id">
          {shortId(network.id)}
          <CopyButton text={network.id} label={t('action.copyId')} />
        </span>
      </div>
    </header>
  );
}

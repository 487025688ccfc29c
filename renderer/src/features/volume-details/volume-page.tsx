import { Suspense, useMemo } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import type { Volume } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useFormat } from '../../lib/use-format.ts';
import { lazyPart } from '../../lib/lazy-part.tsx';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { DetailsStatus } from '../details/details-status.tsx';
import { FileBrowser } from '../files/file-browser.tsx';
import { volumeFiles } from '../files/file-store.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { EngineNotice } from '../system/engine-notice.tsx';
import { useVolume, useVolumeSizes } from '../volumes/queries.ts';
import { useVolumeActions } from '../volumes/use-volume-actions.ts';
import { shownName, volumeKind, volumePath } from '../volumes/volume-list.ts';
import { volumeMenu } from '../volumes/volume-menu.ts';
import { VolumeOverview } from './volume-overview.tsx';
import '../details/details.css';

const InspectView = lazyPart(() => import('../details/inspect-view.tsx'));

const TABS = ['files', 'overview', 'inspect'] as const;
type VolumeTab = (typeof TABS)[number];

export function VolumePage() {
  const { name = '', tab } = useParams();
  const query = useVolume(name);
  const shown = TABS.find((each) => each === tab);
  if (shown === undefined) return <Navigate to={volumePath(name)} replace />;
  return (
    <DetailsStatus query={query} list="volumes">
      {(volume) => <Details key={volume.name} volume={volume} tab={shown} />}
    </DetailsStatus>
  );
}

interface DetailsProps {
  readonly volume: Volume;
  readonly tab: VolumeTab;
}

function Details({ volume, tab }: DetailsProps) {
  const t = useText();
  const navigate = useNavigate();
  return (
    <section className="page" aria-label={shownName(volume)}>
      <EngineNotice />
      <VolumeHeader volume={volume} />
      <Tabs
        label={t('volumes.details.tabs')}
        value={tab}
        tabs={TABS.map((value) => ({ value, label: t(`tab.${value}`) }))}
        onChange={(next) => void navigate(volumePath(volume.name, next))}
      >
        <Suspense fallback={<SkeletonRows label={t('volumes.details.loading')} />}>
          <TabContent volume={volume} tab={tab} />
        </Suspense>
      </Tabs>
    </section>
  );
}

function TabContent({ volume, tab }: DetailsProps) {
  const t = useText();
  const engine = useEngine();
  const store = useMemo(() => volumeFiles(engine, volume.name), [engine, volume.name]);
  switch (tab) {
    case 'files':
      return <FileBrowser store={store} label={t('files.of', { name: shownName(volume) })} />;
    case 'overview':
      return <VolumeOverview volume={volume} />;
    case 'inspect':
      return <InspectView value={volume} />;
  }
}

function VolumeHeader({ volume }: { readonly volume: Volume }) {
  const t = useText();
  const format = useFormat();
  const actions = useVolumeActions();
  const usage = useVolumeSizes([volume.name]).data?.get(volume.name);
  return (
    <header className="details-head">
      <div className="row">
        <h1 className="details-name ellipsis" title={volume.name}>
          {shownName(volume)}
        </h1>
        {volume.anonymous && <span className="tag">{t('volumes.anonymous')}</span>}
        <span className="grow" />
        <Button icon="copy" onClick={() => openOverlay({ kind: 'clone-volume', volume })}>
          {t('volumes.clone')}
        </Button>
        <Button icon="download" onClick={() => openOverlay({ kind: 'export-volume', volume })}>
          {t('volumes.export')}
        </Button>
        <Menu
          trigger={<IconButton icon="kebab" label={t('action.more')} />}
          entries={volumeMenu(volume, t, actions)}
        />
      </div>
      <div className="details-meta">
        <span>
          <span className="text-3">{t('column.kind')}</span> {t(volumeKind(volume))}
        </span>
        {usage !== undefined && (
          <span title={t('bytes.exact', { bytes: format.exactBytes(usage.sizeBytes) })}>
            <span className="text-3">{t('column.size')}</span> {format.bytes(usage.sizeBytes)}
          </span>
        )}
        <span className="row mono text-3 details-id ellipsis">
          <span className="ellipsis">{volume.mountpoint}</span>
          <CopyButton text={volume.mountpoint} label={t('volumes.copyMountpoint')} />
        </span>
      </div>
    </header>
  );
}

import { Suspense } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import type { BuildDetails } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { shortId } from '../../lib/image-reference.ts';
import { platformName } from '../../lib/platform-name.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { lazyPart } from '../../lib/lazy-part.tsx';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { BuildChip } from '../builds/build-columns.tsx';
import { buildPath, buildTime } from '../builds/build-list.ts';
import { buildMenu, cancelBuild } from '../builds/build-menu.ts';
import { useBuildDetails } from '../builds/queries.ts';
import { DetailsStatus } from '../details/details-status.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { EngineNotice } from '../system/engine-notice.tsx';
import { isOver } from './build-view.ts';
import { ChecksTab } from './checks-tab.tsx';
import { ResultTab } from './result-tab.tsx';
import { StepsTab } from './steps-tab.tsx';
import { useBuildWatch } from './use-build-watch.ts';
import '../details/details.css';
import '../builds/builds.css';
import './build-details.css';

const InspectView = lazyPart(() => import('../details/inspect-view.tsx'));

const TABS = ['steps', 'result', 'checks', 'inspect'] as const;
type Tab = (typeof TABS)[number];

export function BuildPage() {
  const { id = '', tab } = useParams();
  const query = useBuildDetails(id);
  const shown = TABS.find((each) => each === tab);
  if (shown === undefined) return <Navigate to={`/builds/${id}/steps`} replace />;
  return (
    <DetailsStatus query={query} list="builds">
      {(build) => <Details key={build.id} build={build} tab={shown} />}
    </DetailsStatus>
  );
}

function Details({ build, tab }: { readonly build: BuildDetails; readonly tab: Tab }) {
  const t = useText();
  const navigate = useNavigate();
  const { view, watch, failure } = useBuildWatch(build);
  const over = view.steps.filter(isOver).length;
  return (
    <section className="page" aria-label={build.name}>
      <EngineNotice />
      <BuildHeader build={build} over={over} steps={view.steps.length} />
      <Tabs
        label={t('builds.details.tabs')}
        value={tab}
        tabs={TABS.map((value) => ({
          value,
          label: t(`tab.${value}`),
          ...(value === 'checks' && view.warnings.length > 0 && { count: view.warnings.length }),
        }))}
        onChange={(next) => void navigate(buildPath(build, next))}
      >
        <Suspense fallback={<SkeletonRows label={t('builds.details.loading')} />}>
          {tab === 'steps' && <StepsTab view={view} watch={watch} failure={failure} />}
          {tab === 'result' && <ResultTab build={build} view={view} />}
          {tab === 'checks' && <ChecksTab warnings={view.warnings} />}
          {tab === 'inspect' && <InspectView value={build} />}
        </Suspense>
      </Tabs>
    </section>
  );
}

interface BuildHeaderProps {
  readonly build: BuildDetails;
  readonly over: number;
  readonly steps: number;
}

function BuildHeader({ build, over, steps }: BuildHeaderProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow(1000);
  const engine = useEngine();
  const isRunning = build.status === 'running';
  const time = format.span(buildTime(build, now));
  return (
    <header className="details-head">
      <div className="row">
        <h1 className="details-name ellipsis">{build.name}</h1>
        <BuildChip build={build} />
        <span className="text-2">
          {isRunning && steps > 0 ? t('builds.atStep', { step: over, steps, time }) : time}
        </span>
        <span className="grow" />
        {isRunning ? (
          <Button icon="close" onClick={() => void cancelBuild(engine, build)}>
            {t('builds.cancel')}
          </Button>
        ) : (
          <Button icon="restart" onClick={() => openOverlay({ kind: 'build', again: build })}>
            {t('builds.again')}
          </Button>
        )}
        <Menu
          trigger={<IconButton icon="kebab" label={t('action.more')} />}
          entries={buildMenu(build, engine, t)}
        />
      </div>
      <div className="details-meta">
        <Meta name={t('builds.context')}>
          <span className="mono">{build.context === '' ? t('builds.uploaded') : build.context}</span>
        </Meta>
        <Meta name={t('builds.dockerfile')}>
          <span className="mono">{build.dockerfile}</span>
        </Meta>
        {build.target !== null && <Meta name={t('builds.target')}>{build.target}</Meta>}
        <Meta name={t('builds.platform')}>{platformName(build.platform)}</Meta>
        <Meta name={t('builds.cache')}>
          {t('builds.cachedSteps', { cached: build.cachedSteps, steps: build.steps })}
        </Meta>
        <span className="row mono text-3 details-id">
          {shortId(build.id)}
          <CopyButton text={build.id} label={t('action.copyId')} />
        </span>
      </div>
    </header>
  );
}

function Meta({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <span className="ellipsis">
      <span className="text-3">{name}</span>
      {children}
    </span>
  );
}

import type { BuildSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import type { Column } from '../../ui/data-grid/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { CreatedCell } from '../networks/network-columns.tsx';
import { BUILD_STATES, buildPath, buildTime } from './build-list.ts';
import { buildMenu } from './build-menu.ts';

interface CellProps {
  readonly build: BuildSummary;
}

export function buildColumns(t: Text): readonly Column<BuildSummary>[] {
  return [
    {
      id: 'name',
      header: t('column.name'),
      cell: (build) => <NameCell build={build} />,
      compare: (a, b) => a.name.localeCompare(b.name),
    },
    {
      id: 'status',
      header: t('column.state'),
      cell: (build) => <BuildChip build={build} />,
      compare: (a, b) => a.status.localeCompare(b.status),
    },
    {
      id: 'context',
      header: t('builds.context'),
      hideable: true,
      cell: (build) => <ContextCell build={build} />,
      compare: (a, b) => a.context.localeCompare(b.context),
    },
    {
      id: 'steps',
      header: t('builds.cached'),
      align: 'end',
      hideable: true,
      cell: (build) => (
        <span className="text-2">
          {t('builds.cachedSteps', { cached: build.cachedSteps, steps: build.steps })}
        </span>
      ),
      compare: (a, b) => a.cachedSteps - b.cachedSteps,
    },
    {
      id: 'time',
      header: t('builds.time'),
      align: 'end',
      cell: (build) => <TimeCell build={build} />,
      compare: (a, b) => buildTime(a, 0) - buildTime(b, 0),
    },
    {
      id: 'started',
      header: t('builds.started'),
      align: 'end',
      cell: (build) => <CreatedCell at={build.startedAt} />,
      compare: (a, b) => b.startedAt.localeCompare(a.startedAt),
    },
    { id: 'actions', header: '', cell: (build) => <ActionsCell build={build} /> },
  ];
}

function NameCell({ build }: CellProps) {
  const t = useText();
  return (
    <div className="row">
      <Icon name="build" />
      <a className="list-name ellipsis" href={`#${buildPath(build)}`} tabIndex={-1}>
        {build.name}
      </a>
      {build.target !== null && <span className="tag">{build.target}</span>}
      {build.warnings > 0 && (
        <span className="text-3 text-small">{t('builds.warnings', { count: build.warnings })}</span>
      )}
    </div>
  );
}

export function BuildChip({ build }: CellProps) {
  const t = useText();
  return <Chip {...BUILD_STATES[build.status]}>{t(`builds.${build.status}`)}</Chip>;
}

function ContextCell({ build }: CellProps) {
  const t = useText();
  if (build.context === '') return <span className="text-3">{t('builds.uploaded')}</span>;
  return (
    <span className="mono text-2 ellipsis" title={build.context}>
      {build.context}
    </span>
  );
}

function TimeCell({ build }: CellProps) {
  const format = useFormat();
  const now = useNow(1000);
  return <span className="text-2">{format.span(buildTime(build, now))}</span>;
}

function ActionsCell({ build }: CellProps) {
  const t = useText();
  const engine = useEngine();
  return (
    <div className="grid-actions">
      <Menu
        trigger={<IconButton icon="kebab" label={t('action.more')} tabIndex={-1} />}
        entries={buildMenu(build, engine, t)}
      />
    </div>
  );
}

import { useNavigate } from 'react-router';
import type { TrashedVolume } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { type Format, useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { DetailsTable } from '../details/details-table.tsx';
import { ListStatus } from '../lists/list-status.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { useTrash, useVolumes } from './queries.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import { shownName } from './volume-list.ts';
import './volumes.css';
import '../details/details.css';

const MINUTE = 60_000;

/** What was removed or emptied, and until when it can be had back. */
export function TrashPage() {
  const t = useText();
  const format = useFormat();
  const now = useNow(MINUTE);
  const navigate = useNavigate();
  const query = useTrash();
  const trashed = query.data ?? [];
  const bytes = trashed.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const restore = useRestore();
  const columns = trashColumns({ t, format, now, restore });
  return (
    <section className="page" aria-label={t('trash.title')}>
      <div className="toolbar">
        <Button variant="quiet" icon="back" onClick={() => void navigate('/volumes')}>
          {t('volumes.title')}
        </Button>
        <span className="text-3">
          {trashed.length > 0 && t('trash.total', { count: trashed.length, size: format.bytes(bytes) })}
        </span>
        <span className="grow" />
        <Button
          variant="danger"
          icon="trash"
          disabled={trashed.length === 0}
          onClick={() => openOverlay({ kind: 'purge-trash', trashed })}
        >
          {t('trash.empty')}
        </Button>
      </div>
      <ListStatus query={query} label={t('trash.loading')}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={t('trash.none')} text={t('trash.noneText')} />
          ) : (
            <DetailsTable
              name="trash-table"
              label={t('trash.title')}
              columns={columns}
              rows={all}
              rowKey={({ id }) => id}
            />
          )
        }
      </ListStatus>
    </section>
  );
}

/** At once under its own name; when that is taken, another is asked for. */
function useRestore(): (trashed: TrashedVolume) => void {
  const t = useText();
  const engine = useEngine();
  const { refresh } = useVolumeActions();
  const volumes = useVolumes().data ?? [];
  return (trashed) => {
    const isTaken = volumes.some(({ name }) => name.toLowerCase() === trashed.name.toLowerCase());
    if (isTaken) {
      openOverlay({ kind: 'restore-volume', trashed });
      return;
    }
    const restore = async () => {
      await engine.volumes.restore({ trashed: trashed.id });
      await refresh();
      useToasts.getState().show({ tone: 'ok', title: t('trash.restored', { name: shownName(trashed) }) });
    };
    restore().catch((error: unknown) => reportError(error));
  };
}

interface TrashContext {
  readonly t: Text;
  readonly format: Format;
  readonly now: number;
  readonly restore: (trashed: TrashedVolume) => void;
}

function trashColumns({ t, format, now, restore }: TrashContext): readonly Column<TrashedVolume>[] {
  return [
    {
      id: 'name',
      header: t('column.name'),
      cell: (each) => (
        <span className="row">
          <Icon name="volume" />
          <span className="ellipsis" title={each.name}>
            {shownName(each)}
          </span>
        </span>
      ),
      compare: (a, b) => a.name.localeCompare(b.name),
    },
    {
      id: 'size',
      header: t('column.size'),
      align: 'end',
      cell: ({ sizeBytes }) => format.bytes(sizeBytes),
      compare: (a, b) => a.sizeBytes - b.sizeBytes,
    },
    {
      id: 'removed',
      header: t('trash.removed'),
      align: 'end',
      cell: ({ removedAt }) => <span title={format.dateTime(removedAt)}>{format.ago(removedAt, now)}</span>,
      compare: (a, b) => a.removedAt.localeCompare(b.removedAt),
    },
    {
      id: 'expires',
      header: t('trash.expires'),
      align: 'end',
      cell: ({ expiresAt }) => (
        <span className="text-2" title={format.dateTime(expiresAt)}>
          {t('trash.in', { time: format.duration(Math.max(0, Date.parse(expiresAt) - now)) })}
        </span>
      ),
      compare: (a, b) => a.expiresAt.localeCompare(b.expiresAt),
    },
    {
      id: 'actions',
      header: '',
      align: 'end',
      cell: (each) => (
        <span className="trash-actions">
          <Button small icon="restart" onClick={() => restore(each)}>
            {t('trash.restore')}
          </Button>
          <IconButton
            icon="trash"
            small
            label={t('trash.purgeOne', { name: shownName(each) })}
            onClick={() => openOverlay({ kind: 'purge-trash', trashed: [each] })}
          />
        </span>
      ),
    },
  ];
}

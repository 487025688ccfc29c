import type { DiskUsage } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { type Overlay, openOverlay } from '../overlays/overlay-store.ts';
import { DiskSwatch } from './disk-bar.tsx';
import { DISK_KINDS, type DiskKind } from './disk-kinds.ts';

/** What cleans up a kind alone. Trash has a page of its own, and downloads end with their pulls. */
const PRUNES: Readonly<Partial<Record<DiskKind, Overlay>>> = {
  images: { kind: 'prune-images' },
  containers: { kind: 'prune-containers' },
  volumes: { kind: 'prune-volumes' },
  buildCache: { kind: 'prune-build-cache' },
};

interface DiskPartsProps {
  readonly usage: DiskUsage;
  /** Whose items are listed. */
  readonly kind: DiskKind;
  readonly onKind: (kind: DiskKind) => void;
}

export function DiskParts({ usage, kind, onKind }: DiskPartsProps) {
  const t = useText();
  const format = useFormat();
  return (
    <table className="table disk-parts">
      <thead>
        <tr>
          <th scope="col">{t('column.kind')}</th>
          <th scope="col">{t('disk.count')}</th>
          <th scope="col">{t('disk.active')}</th>
          <th scope="col">{t('column.size')}</th>
          <th scope="col">{t('disk.reclaimable')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('action.more')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {DISK_KINDS.map((each) => {
          const part = usage[each];
          const prune = PRUNES[each];
          return (
            <tr key={each} className={each === kind ? 'disk-shown' : undefined}>
              <td>
                <button
                  type="button"
                  className="disk-kind row"
                  aria-pressed={each === kind}
                  onClick={() => onKind(each)}
                >
                  <DiskSwatch kind={each} />
                  {t(`disk.kind.${each}`)}
                </button>
              </td>
              <td>{format.number(part.items.length)}</td>
              <td>{format.number(part.activeCount)}</td>
              <td title={t('bytes.exact', { bytes: format.exactBytes(part.totalBytes) })}>
                {format.bytes(part.totalBytes)}
              </td>
              <td
                className={part.reclaimableBytes === 0 ? 'text-3' : undefined}
                title={t('bytes.exact', { bytes: format.exactBytes(part.reclaimableBytes) })}
              >
                {format.bytes(part.reclaimableBytes)}
              </td>
              <td>
                {prune !== undefined && (
                  <Button
                    small
                    variant="quiet"
                    aria-label={t('disk.pruneKind', { kind: t(`disk.kind.${each}`) })}
                    disabled={part.items.length === part.activeCount}
                    onClick={() => openOverlay(prune)}
                  >
                    {t('disk.prune')}
                  </Button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

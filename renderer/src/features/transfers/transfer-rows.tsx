import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { ReferenceText } from '../containers/cells.tsx';
import { usePulls, useStartPull } from './pull-store.ts';
import type { PullingRow } from './pulling.ts';

interface PullingRowsProps {
  readonly rows: readonly PullingRow[];
}

/** Above the images, for those that come. */
export function PullingRows({ rows }: PullingRowsProps) {
  const t = useText();
  const format = useFormat();
  const { shown, show } = usePulls();
  const startPull = useStartPull();
  const open = (row: PullingRow) => {
    if (row.own) show(row.requested);
    else startPull(row.requested);
  };
  return rows.map((row) => (
    <div
      key={row.requested}
      className={shown === row.requested ? 'pulling-row grid-selected' : 'pulling-row'}
      role="row"
      onClick={() => open(row)}
    >
      <div className="grid-cell col-check" role="gridcell" />
      <div className="grid-cell col-image" role="gridcell">
        <div className="row">
          <StateShape shape={row.failed ? 'failed' : 'downloading'} tone={row.failed ? 'bad' : 'info'} />
          <span className="image-name row">
            <ReferenceText reference={row.reference} />
          </span>
        </div>
      </div>
      <div className={`grid-cell pulling-state ${row.failed ? 'text-bad' : 'text-info'}`} role="gridcell">
        {row.failed
          ? t('pull.failed')
          : row.fraction === null
            ? t('pull.pulling')
            : t('pull.pullingPercent', { percent: format.percent(row.fraction) })}
      </div>
      <div className="grid-cell col-actions" role="gridcell">
        <div className="grid-actions">
          <IconButton icon="chevron-right" label={t('pull.show')} onClick={() => open(row)} />
        </div>
      </div>
    </div>
  ));
}

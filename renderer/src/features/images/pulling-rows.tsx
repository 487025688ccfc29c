import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { ReferenceText } from '../containers/cells.tsx';
import { runningTasks, useTasks } from '../tasks/queries.ts';
import { totalsOf } from './pull-progress.ts';
import { isUnderWay, type Pull, referenceOf, startPull, usePulls } from './pull-store.ts';
import { useEngine } from '../../bridge/index.ts';

interface PullingRow {
  readonly reference: string;
  readonly requested: string;
  readonly fraction: number | null;
  readonly failed: boolean;
  readonly own: boolean;
}

/** Pulls under way, above the images: those of this page, and those that the engine knows from elsewhere. */
export function PullingRows() {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const { pulls, shown, show } = usePulls();
  const tasks = useTasks();
  const own = Object.values(pulls)
    .filter((pull) => isUnderWay(pull) || pull.error !== undefined)
    .map(rowOf);
  const known = new Set(own.map((row) => row.reference));
  const others = runningTasks(tasks.data ?? [])
    .filter((task) => task.kind === 'image-pull' && !known.has(task.subject))
    .map(({ subject, fraction }): PullingRow => ({
      reference: subject,
      requested: subject,
      fraction,
      failed: false,
      own: false,
    }));
  const open = (row: PullingRow) => {
    if (row.own) show(row.requested);
    else void startPull(engine, row.requested);
  };
  return [...own, ...others].map((row) => (
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

function rowOf(pull: Pull): PullingRow {
  return {
    reference: referenceOf(pull),
    requested: pull.requested,
    fraction: pull.progress?.stage === 'pulling' ? totalsOf(pull.progress.layers).fraction : null,
    failed: pull.error !== undefined,
    own: true,
  };
}

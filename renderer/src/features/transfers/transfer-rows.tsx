import type { MouseEvent } from 'react';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { type ShapeName, StateShape, type Tone } from '../../ui/icon.tsx';
import { ReferenceText } from '../containers/cells.tsx';
import { millisecondsLeft } from './transfer-figures.ts';
import { useTransfers } from './transfer-store.ts';
import { isRunning, isStopped, type TransferState, type TransferView } from './transfer-view.ts';
import { useTransferActions } from './use-transfer-actions.ts';

/** Above the images, for those that come or go. */
export function TransferRows({ views }: { readonly views: readonly TransferView[] }) {
  return views.map((view) => <TransferRow key={view.key} view={view} />);
}

function TransferRow({ view }: { readonly view: TransferView }) {
  const t = useText();
  const { shown, show } = useTransfers();
  const actions = useTransferActions();
  const [shape, tone] = markOf(view);
  const open = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('button') !== null) return;
    show(view.key);
  };
  const stopped = view.state === 'paused' || view.state === 'interrupted';
  return (
    <div
      className={shown === view.key ? 'pulling-row grid-selected' : 'pulling-row'}
      role="row"
      onClick={open}
    >
      <div className="grid-cell col-check" role="gridcell" />
      <div className="grid-cell col-image" role="gridcell">
        <div className="row">
          <StateShape shape={shape} tone={tone} />
          <span className="image-name row">
            <ReferenceText reference={view.reference} />
          </span>
        </div>
      </div>
      <div className={`grid-cell pulling-state text-${tone}`} role="gridcell">
        <StateWords view={view} />
      </div>
      <div className="grid-cell col-actions" role="gridcell">
        <div className="grid-actions">
          {isRunning(view) && view.pull !== undefined && (
            <IconButton icon="pause" label={t('action.pause')} onClick={() => actions.pause(view)} />
          )}
          {stopped && (
            <IconButton icon="play" label={t('action.unpause')} onClick={() => actions.resume(view)} />
          )}
          {view.state === 'failed' && (
            <IconButton icon="restart" label={t('pull.again')} onClick={() => actions.resume(view)} />
          )}
          <IconButton icon="chevron-right" label={t('pull.show')} onClick={() => show(view.key)} />
        </div>
      </div>
    </div>
  );
}

function StateWords({ view }: { readonly view: TransferView }) {
  const t = useText();
  const format = useFormat();
  const { state, totals, kind, speed } = view;
  if (state === 'done') return t('layer.done');
  if (isStopped(state)) {
    const words = t(`transfer.${state}`);
    return totals === null || state === 'failed' ? words : `${words}, ${format.percent(totals.fraction)}`;
  }
  if (totals === null) return t(`${kind}.moving`);
  const left = millisecondsLeft(totals, speed);
  return (
    <>
      {t(`${kind}.movingPercent`, { percent: format.percent(totals.fraction) })}
      {left !== null && left > 0 && (
        <span className="text-2 pulling-left">{t('pull.left', { time: format.duration(left + 1000) })}</span>
      )}
    </>
  );
}

const STOPPED: Readonly<Partial<Record<TransferState, readonly [ShapeName, Tone]>>> = {
  paused: ['paused', 'warn'],
  interrupted: ['paused', 'warn'],
  failed: ['failed', 'bad'],
  done: ['done', 'ok'],
};

function markOf({ state, kind }: TransferView): readonly [ShapeName, Tone] {
  return STOPPED[state] ?? [kind === 'pull' ? 'downloading' : 'uploading', 'info'];
}

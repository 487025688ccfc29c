import type { LayerProgress, LayerStage, Task } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { shortId } from '../../lib/image-reference.ts';
import { reportError } from '../../lib/report-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { type ShapeName, StateShape, type Tone } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { useTasks } from '../tasks/queries.ts';
import { millisecondsLeft, speedOf, totalsOf } from './pull-progress.ts';
import { isUnderWay, type Pull, referenceOf, usePulls, useStartPull } from './pull-store.ts';
import './pull-panel.css';

/** The pull that is shown, beside the list. */
export function PullPanel({ pull }: { readonly pull: Pull }) {
  const t = useText();
  const engine = useEngine();
  const startPull = useStartPull();
  const show = usePulls((state) => state.show);
  const forget = usePulls((state) => state.forget);
  const tasks = useTasks();
  const reference = referenceOf(pull);
  const task = pullTask(tasks.data ?? [], reference);
  const close = () => (isUnderWay(pull) ? show(undefined) : forget(pull.requested));
  const cancel = () => {
    if (task === undefined) return;
    engine.system.cancelTask({ task: task.id }).catch((error: unknown) => reportError(error));
  };
  return (
    <aside className="pull-panel" aria-label={t('pull.panel', { reference })}>
      <div className="pull-head">
        <div className="row">
          <h2 className="text-strong ellipsis">{reference}</h2>
          <span className="grow" />
          <IconButton icon="close" small label={t('pull.closePanel')} onClick={close} />
        </div>
        <PullSource pull={pull} />
        {pull.error === undefined ? (
          <PullFigures pull={pull} />
        ) : (
          <div className="pull-error">
            <ErrorNotice {...describeError(pull.error)} />
          </div>
        )}
        <div className="row pull-buttons">
          {isUnderWay(pull) && (
            <Button icon="close" disabled={task === undefined} onClick={cancel}>
              {t('ui.cancel')}
            </Button>
          )}
          {pull.error !== undefined && (
            <Button icon="restart" onClick={() => startPull(pull.requested)}>
              {t('pull.again')}
            </Button>
          )}
          {pull.progress?.stage === 'done' && (
            <Button
              variant="primary"
              icon="play"
              onClick={() => openOverlay({ kind: 'run', image: reference })}
            >
              {t('containers.run')}
            </Button>
          )}
        </div>
      </div>
      {pull.progress?.stage === 'pulling' && <Layers layers={pull.progress.layers} />}
      {isUnderWay(pull) && <p className="pull-note text-3 text-small">{t('pull.goesOn')}</p>}
    </aside>
  );
}

export function pullTask(tasks: readonly Task[], reference: string): Task | undefined {
  return tasks.find(
    (task) => task.kind === 'image-pull' && task.status === 'running' && task.subject === reference,
  );
}

function PullSource({ pull }: { readonly pull: Pull }) {
  const t = useText();
  const format = useFormat();
  const { progress } = pull;
  const parts = [
    progress?.stage === 'pulling' ? `${progress.platform.os}/${progress.platform.architecture}` : undefined,
    t('pull.started', { time: format.dateTime(new Date(pull.startedAt).toISOString()) }),
  ];
  return (
    <div className="text-3 text-small ellipsis">{parts.filter((part) => part !== undefined).join(' · ')}</div>
  );
}

function PullFigures({ pull }: { readonly pull: Pull }) {
  const t = useText();
  const format = useFormat();
  const { progress } = pull;
  const label = t('pull.progress', { reference: referenceOf(pull) });
  if (progress?.stage === 'done') {
    return (
      <div className="pull-result row">
        <StateShape shape="done" tone="ok" />
        {t(progress.upToDate ? 'pull.upToDate' : 'pull.done', {
          size: format.bytes(progress.image.sizeBytes),
        })}
      </div>
    );
  }
  if (progress === undefined || progress.stage === 'resolving') {
    return (
      <>
        <div className="pull-result row text-2">{t('pull.resolving')}</div>
        <Meter size="thick" tone="info" fraction={0} label={label} progress />
      </>
    );
  }
  const totals = totalsOf(progress.layers);
  const speed = speedOf(pull.samples);
  const left = millisecondsLeft(totals, speed);
  return (
    <>
      <div className="pull-figures">
        <span className="pull-percent">{format.percent(totals.fraction)}</span>
        <span className="text-2">
          {t('pull.bytes', { done: format.bytes(totals.doneBytes), total: format.bytes(totals.totalBytes) })}
        </span>
        <span className="grow" />
        {speed !== null && <span className="text-2">{t('pull.speed', { speed: format.bytes(speed) })}</span>}
        {left !== null && left > 0 && (
          <span className="text-2">{t('pull.left', { time: format.duration(left + 1000) })}</span>
        )}
      </div>
      <Meter size="thick" tone="info" fraction={totals.fraction} label={label} progress />
    </>
  );
}

function Layers({ layers }: { readonly layers: readonly LayerProgress[] }) {
  const t = useText();
  return (
    <div className="pull-layers">
      <div className="layer layer-head text-3">
        <span />
        <span>{t('pull.layer')}</span>
        <span>{t('pull.stage')}</span>
        <span className="grid-end">{t('pull.layers', { count: layers.length })}</span>
      </div>
      <ul>
        {layers.map((layer) => (
          <LayerRow key={layer.digest} layer={layer} />
        ))}
      </ul>
    </div>
  );
}

const MARKS: Readonly<Record<LayerStage, readonly [ShapeName, Tone]>> = {
  waiting: ['waiting', 'idle'],
  downloading: ['downloading', 'info'],
  verifying: ['verifying', 'info'],
  unpacking: ['unpacking', 'info'],
  done: ['done', 'ok'],
  exists: ['exists', 'idle'],
};

function LayerRow({ layer }: { readonly layer: LayerProgress }) {
  const t = useText();
  const format = useFormat();
  const [shape, tone] = MARKS[layer.stage];
  const active = tone === 'info';
  const bytes = layer.stage === 'downloading' ? layer.downloadedBytes : layer.unpackedBytes;
  const fraction = layer.sizeBytes === 0 ? 1 : bytes / layer.sizeBytes;
  const stage = t(`layer.${layer.stage}`);
  return (
    <li className="layer">
      <StateShape shape={shape} tone={tone} />
      <span className="mono text-3 text-caption" title={layer.digest}>
        {shortId(layer.digest)}
      </span>
      <span className="layer-stage">
        <span className={tone === 'idle' ? 'text-3' : undefined}>
          {stage} {active && <span className="text-3">{format.percent(fraction)}</span>}
        </span>
        {active && <Meter size="tiny" tone="info" progress fraction={fraction} label={stage} />}
      </span>
      <span className="grid-end text-3">{layerEnd(layer)}</span>
    </li>
  );

  function layerEnd({ stage: at, sizeBytes }: LayerProgress): string {
    if (at === 'exists') return t('layer.alreadyHere');
    if (at === 'waiting' || at === 'done') return format.bytes(sizeBytes);
    return t('pull.bytes', { done: format.bytes(bytes), total: format.bytes(sizeBytes) });
  }
}

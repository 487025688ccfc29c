import { useFormat } from '../../lib/use-format.ts';
import { shortId } from '../../lib/image-reference.ts';
import { useText } from '../../messages/use-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import type { TransferResult } from './transfer.ts';
import { millisecondsLeft } from './transfer-figures.ts';
import { isStopped, type TransferView } from './transfer-view.ts';

/** How far it is: the point of the panel. */
export function TransferFigures({ view }: { readonly view: TransferView }) {
  const t = useText();
  const format = useFormat();
  const { totals, speed, state, result } = view;
  const label = t('pull.progress', { reference: view.reference });
  if (result !== undefined) return <Result result={result} />;
  if (totals === null) {
    return (
      <>
        <div className="pull-result row text-2">
          {isStopped(state)
            ? t(`transfer.${state}`)
            : t(view.kind === 'pull' ? 'pull.resolving' : 'push.preparing')}
        </div>
        <Meter size="thick" tone="info" fraction={0} label={label} progress />
      </>
    );
  }
  const left = state === 'moving' ? millisecondsLeft(totals, speed) : null;
  return (
    <>
      <div className="pull-figures">
        <span className="pull-percent">{format.percent(totals.fraction)}</span>
        {totals.totalBytes > 0 && (
          <span className="text-2">
            {t('pull.bytes', {
              done: format.bytes(totals.movedBytes),
              total: format.bytes(totals.totalBytes),
            })}
          </span>
        )}
        <span className="grow" />
        {isStopped(state) && <span className="text-warn">{t(`transfer.${state}`)}</span>}
        {state === 'moving' && speed !== null && (
          <span className="text-2">{t('pull.speed', { speed: format.bytes(speed) })}</span>
        )}
        {left !== null && left > 0 && (
          <span className="text-2">{t('pull.left', { time: format.duration(left + 1000) })}</span>
        )}
      </div>
      <Meter
        size="thick"
        tone={isStopped(state) ? 'meter' : 'info'}
        fraction={totals.fraction}
        label={label}
        progress
      />
    </>
  );
}

function Result({ result }: { readonly result: TransferResult }) {
  const t = useText();
  const format = useFormat();
  return (
    <div className="pull-result row">
      <StateShape shape="done" tone="ok" />
      {result.kind === 'pull' ? (
        t(result.upToDate ? 'pull.upToDate' : 'pull.done', { size: format.bytes(result.image.sizeBytes) })
      ) : (
        <>
          {t('push.done')}
          <span className="mono text-3" title={result.manifestDigest}>
            {shortId(result.manifestDigest)}
          </span>
          <CopyButton text={result.manifestDigest} label={t('image.copyDigest')} />
        </>
      )}
    </div>
  );
}

import { isEngineError } from '@longshore/engine/errors';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';
import { platformName } from '../../lib/platform-name.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { SignInAndRetry } from './sign-in-and-retry.tsx';
import { TransferFigures } from './transfer-figures-row.tsx';
import { TransferLayers } from './transfer-layers.tsx';
import { isRunning, type TransferView } from './transfer-view.ts';
import { useTransfers } from './transfer-store.ts';
import { useTransferActions } from './use-transfer-actions.ts';
import './transfers.css';

/** The transfer that is shown, beside the list. */
export function TransferPanel({ view }: { readonly view: TransferView }) {
  const t = useText();
  const actions = useTransferActions();
  const show = useTransfers((state) => state.show);
  const forget = useTransfers((state) => state.forget);
  const close = () => {
    show(undefined);
    if (view.state === 'done') forget(view.key);
  };
  const refused = view.state === 'failed' && isEngineError(view.error, 'unauthenticated');
  return (
    <aside className="pull-panel" aria-label={t(`${view.kind}.panel`, { reference: view.reference })}>
      <div className="pull-head">
        <div className="row">
          <h2 className="text-strong ellipsis" title={view.reference}>
            {view.reference}
          </h2>
          <span className="grow" />
          <IconButton icon="close" small label={t('pull.closePanel')} onClick={close} />
        </div>
        <TransferSource view={view} />
        {view.state !== 'failed' && <TransferFigures view={view} />}
        {view.error !== undefined && (
          <div className="pull-error">
            <ErrorNotice {...describeError(view.error)} />
          </div>
        )}
        {refused ? (
          <SignInAndRetry
            key={view.key}
            reference={view.reference}
            insecure={view.own?.options.insecure ?? false}
            onReady={(credentials) => actions.resume(view, credentials === undefined ? {} : { credentials })}
            onGiveUp={() => actions.drop(view)}
          />
        ) : (
          <TransferButtons view={view} />
        )}
      </div>
      {view.layers.length > 0 && <TransferLayers kind={view.kind} layers={view.layers} />}
      <PanelNote view={view} />
    </aside>
  );
}

function TransferSource({ view }: { readonly view: TransferView }) {
  const t = useText();
  const format = useFormat();
  const parts = [
    view.kind === 'push' ? t('push.upload') : undefined,
    view.platform === undefined ? undefined : platformName(view.platform),
    t('pull.started', { time: format.dateTime(new Date(view.startedAt).toISOString()) }),
  ];
  return (
    <div className="text-3 text-small ellipsis">{parts.filter((part) => part !== undefined).join(' · ')}</div>
  );
}

function TransferButtons({ view }: { readonly view: TransferView }) {
  const t = useText();
  const actions = useTransferActions();
  const { state, result } = view;
  const stopped = state === 'paused' || state === 'interrupted';
  return (
    <div className="row pull-buttons">
      {isRunning(view) && view.pull !== undefined && (
        <Button icon="pause" onClick={() => actions.pause(view)}>
          {t('action.pause')}
        </Button>
      )}
      {isRunning(view) && (
        <Button icon="close" disabled={view.task === undefined} onClick={() => actions.cancel(view)}>
          {t('ui.cancel')}
        </Button>
      )}
      {stopped && (
        <Button variant="primary" icon="play" onClick={() => actions.resume(view)}>
          {t('action.unpause')}
        </Button>
      )}
      {state === 'failed' && (
        <Button icon="restart" onClick={() => actions.resume(view)}>
          {t('pull.again')}
        </Button>
      )}
      {(stopped || state === 'failed') && (
        <Button variant="quiet" icon="trash" onClick={() => actions.drop(view)}>
          {t(view.pull === undefined ? 'transfer.putAway' : 'transfer.drop')}
        </Button>
      )}
      {result?.kind === 'pull' && (
        <Button
          variant="primary"
          icon="play"
          onClick={() => openOverlay({ kind: 'run', image: view.reference })}
        >
          {t('containers.run')}
        </Button>
      )}
    </div>
  );
}

/** What becomes of it when nobody looks. */
function PanelNote({ view }: { readonly view: TransferView }) {
  const t = useText();
  const format = useFormat();
  if (isRunning(view)) {
    const note =
      view.kind === 'push' ? 'push.goesOn' : view.pull === undefined ? 'pull.goesOn' : 'pull.keeps';
    return <p className="pull-note text-3 text-small">{t(note)}</p>;
  }
  if (view.expiresAt === null) return null;
  return (
    <div className="pull-note">
      <Hint>{t('transfer.expires', { time: format.dateTime(view.expiresAt) })}</Hint>
    </div>
  );
}

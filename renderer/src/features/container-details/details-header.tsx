import { Link, useNavigate } from 'react-router';
import type { ContainerDetails } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { type Format, useFormat } from '../../lib/use-format.ts';
import { openExternal } from '../../lib/open-external.ts';
import { useNow } from '../../lib/use-now.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useContainerActions } from '../containers/actions.ts';
import { displayName } from '../containers/container-list.ts';
import { containerMenu } from '../containers/container-menu.ts';
import { hasProcesses, isBusy, isLive, shownState } from '../containers/container-state.ts';
import { shownPorts } from '../ports/shown-ports.ts';
import { imagePath } from '../images/image-list.ts';

export function DetailsHeader({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const navigate = useNavigate();
  const actions = useContainerActions();
  const state = shownState(container.state);
  const live = isLive(container.state);
  const busy = isBusy(container.state);
  return (
    <header className="details-head">
      <div className="row">
        <h1 className="details-name ellipsis">{displayName(container)}</h1>
        <Chip tone={state.tone === 'ok' ? 'ok' : state.tone} shape={state.shape}>
          {t(state.word, state.values)}
        </Chip>
        <StateReason container={container} />
        <span className="grow" />
        <OpenButton container={container} />
        {container.state.status === 'paused' && (
          <Button icon="play" onClick={() => void actions.act('unpause', [container])}>
            {t('action.unpause')}
          </Button>
        )}
        <Button icon="restart" disabled={busy} onClick={() => void actions.act('restart', [container])}>
          {t('action.restart')}
        </Button>
        <Button
          icon={live ? 'stop' : 'play'}
          disabled={busy}
          onClick={() => void actions.act(live ? 'stop' : 'start', [container])}
        >
          {t(live ? 'action.stop' : 'action.start')}
        </Button>
        <Menu
          trigger={<IconButton icon="kebab" label={t('action.more')} />}
          entries={containerMenu(container, { t, actions, navigate })}
        />
      </div>
      <DetailsMeta container={container} />
    </header>
  );
}

/** The first port that a browser can open, which is what a person looks for most. */
function OpenButton({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const port = shownPorts(container.ports).find(({ url }) => url !== null);
  const url = port?.url ?? null;
  if (port === undefined || url === null) return null;
  return (
    <Button icon="external" title={url} onClick={() => openExternal(url)}>
      {t('ports.openButton', { port: port.hostPorts })}
    </Button>
  );
}

function StateReason({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(1000);
  const words = stateWords(container, now, t, format);
  return <span className="text-2 ellipsis">{words}</span>;
}

/** In a few words what is behind the state; empty where there is nothing to explain. */
function stateWords({ state }: ContainerDetails, now: number, t: Text, format: Format): string {
  if (hasProcesses(state)) {
    const last = state.health?.status === 'unhealthy' ? state.health.probes.at(-1) : undefined;
    return last === undefined ? '' : (last.output.trim().split('\n')[0] ?? '');
  }
  if (isBusy(state)) return '';
  const { failure, exit, nextRetryAt } = state;
  const retry =
    nextRetryAt === null ? '' : t('state.retryIn', { time: format.duration(Date.parse(nextRetryAt) - now) });
  const ended =
    failure?.message ??
    (exit === null ? '' : t('state.ended', { code: exit.code, ago: format.ago(exit.at, now) }));
  return [ended, retry].filter((part) => part !== '').join(', ');
}

function DetailsMeta({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(1000);
  const { startedAt } = container.state;
  const address = container.networks.flatMap(({ ipv4, ipv6 }) => (ipv4 ?? ipv6)?.address ?? [])[0];
  return (
    <div className="details-meta">
      <span className="ellipsis">
        <span className="text-3">{t('column.image')}</span>{' '}
        <Link to={imagePath(container.image)}>{container.image.reference}</Link>
      </span>
      {address !== undefined && (
        <span>
          <span className="text-3">{t('column.address')}</span> <span className="mono">{address}</span>
        </span>
      )}
      {hasProcesses(container.state) && startedAt !== null && (
        <span>
          <span className="text-3">{t('overview.up')}</span> {format.duration(now - Date.parse(startedAt))}
        </span>
      )}
      <span className="row mono text-3 details-id">
        {shortId(container.id)}
        <CopyButton text={container.id} label={t('action.copyId')} />
      </span>
    </div>
  );
}

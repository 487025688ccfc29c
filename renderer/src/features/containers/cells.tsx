import { useNavigate } from 'react-router';
import type { ContainerSummary } from '@longshore/engine/types';
import { referenceParts, shortId } from '../../lib/image-reference.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { joinWords } from '../../lib/shell-words.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useContainerActions } from './actions.ts';
import { displayName } from './container-list.ts';
import { containerMenu } from './container-menu.ts';
import { hasProcesses, isBusy, isLive, isWaiting, shownState } from './container-state.ts';

interface CellProps {
  readonly container: ContainerSummary;
}

export function NameCell({ container }: CellProps) {
  const t = useText();
  const state = shownState(container.state);
  return (
    <div className="row">
      <StateShape shape={state.shape} tone={state.tone} />
      <a className="list-name ellipsis" href={`#/containers/${container.id}/overview`} tabIndex={-1}>
        {displayName(container)}
      </a>
      <span className="list-id mono">
        {shortId(container.id)}
        <CopyButton text={container.id} label={t('action.copyId')} tabIndex={-1} />
      </span>
    </div>
  );
}

export function StateCell({ container }: CellProps) {
  const t = useText();
  const state = shownState(container.state);
  const words = t(state.word, state.values);
  return (
    <span
      className={`text-${state.tone === 'ok' ? 'idle' : state.tone}`}
      title={container.state.failure?.message ?? words}
    >
      {words}
    </span>
  );
}

export function ReferenceText({ reference }: { readonly reference: string }) {
  const { repository, suffix } = referenceParts(reference);
  return (
    <span className="reference" title={reference}>
      <span className="ellipsis">{repository}</span>
      <span className="text-3">{suffix}</span>
    </span>
  );
}

export function AddressCell({ container }: CellProps) {
  const places = container.networks.flatMap(({ name, ipv4, ipv6 }) => {
    const address = (ipv4 ?? ipv6)?.address;
    return address === undefined ? [] : [{ name, address }];
  });
  const [first, ...others] = places;
  if (first === undefined) return <Absent />;
  const all = places.map(({ name, address }) => `${name} ${address}`).join('\n');
  return (
    <span className="mono" title={all}>
      {first.address}
      {others.length > 0 && <span className="text-3"> +{others.length}</span>}
    </span>
  );
}

export function CommandCell({ container }: CellProps) {
  const command = joinWords(container.command);
  if (command === '') return <Absent />;
  return (
    <span className="mono text-2" title={command}>
      {command}
    </span>
  );
}

const CLOCK_MS = 1000;

export function UptimeCell({ container }: CellProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow(CLOCK_MS);
  const { state } = container;
  if (isWaiting(state) && state.nextRetryAt !== null) {
    return (
      <span title={format.dateTime(state.nextRetryAt)}>
        {t('state.retryIn', { time: format.duration(Date.parse(state.nextRetryAt) - now) })}
      </span>
    );
  }
  if (isLive(state)) {
    if (state.startedAt === null) return <Absent />;
    return (
      <span title={format.dateTime(state.startedAt)}>
        {format.duration(now - Date.parse(state.startedAt))}
      </span>
    );
  }
  if (state.exit === null) return <span className="text-3">{t('state.notStarted')}</span>;
  return (
    <span className="text-2" title={format.dateTime(state.exit.at)}>
      {format.ago(state.exit.at, now)}
    </span>
  );
}

export function ActionsCell({ container }: CellProps) {
  const t = useText();
  const actions = useContainerActions();
  const navigate = useNavigate();
  const live = isLive(container.state);
  const toggle = container.state.status === 'paused' ? 'unpause' : live ? 'stop' : 'start';
  const tab = hasProcesses(container.state) ? 'terminal' : 'logs';
  return (
    <div className="grid-actions">
      <IconButton
        icon={toggle === 'stop' ? 'stop' : 'play'}
        label={t(`action.${toggle}`)}
        disabled={isBusy(container.state)}
        tabIndex={-1}
        onClick={() => void actions.act(toggle, [container])}
      />
      <IconButton
        icon={tab}
        label={t(`tab.${tab}`)}
        tabIndex={-1}
        onClick={() => void navigate(`/containers/${container.id}/${tab}`)}
      />
      <Menu
        trigger={<IconButton icon="kebab" label={t('action.more')} tabIndex={-1} />}
        entries={containerMenu(container, { t, actions, navigate })}
      />
    </div>
  );
}

function Absent() {
  return <span className="text-3">–</span>;
}

import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import type { NetworkSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportFailures } from '../../lib/report-failures.ts';
import { runConcurrently } from '../../lib/run-concurrently.ts';
import { useText } from '../../messages/use-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { removeNetworksCommand } from '../commands/network-commands.ts';
import { driverName, isUsed } from './network-list.ts';

const AT_ONCE = 4;

export default function RemoveNetworksDialog({ networks }: { readonly networks: readonly NetworkSummary[] }) {
  const t = useText();
  const engine = useEngine();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const location = useLocation();
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    const outcomes = await runConcurrently(networks, AT_ONCE, ({ id }) =>
      engine.networks.remove({ network: id }),
    );
    reportFailures(t, outcomes, ({ name }) => name);
    const gone = outcomes.filter(({ error }) => error === undefined);
    if (gone.some(({ item }) => location.pathname.startsWith(`/networks/${item.id}`)))
      void navigate('/networks');
    await queries.invalidateQueries({ queryKey: queryKeys.networks });
    closeOverlay();
  };
  const used = networks.filter(isUsed).length;
  return (
    <ConfirmDialog
      title={t('networks.removeTitle', { count: networks.length })}
      confirmLabel={t('networks.removeConfirm', { count: networks.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={closeOverlay}
      command={<CommandView command={removeNetworksCommand(networks.map(({ name }) => name))} />}
    >
      <p>{t('networks.removeText')}</p>
      <NetworkRows networks={networks} />
      {used > 0 && <p className="text-warn">{t('networks.removeUsed', { count: used })}</p>}
    </ConfirmDialog>
  );
}

/** Exactly what goes. */
export function NetworkRows({ networks }: { readonly networks: readonly NetworkSummary[] }) {
  const t = useText();
  return (
    <ul className="confirm-list" tabIndex={0} aria-label={t('networks.title')}>
      {networks.map((network) => (
        <li key={network.id} className="row">
          <Icon name="network" />
          <span className="text-medium ellipsis">{network.name}</span>
          <span className="text-3 text-small mono ellipsis">{network.subnets[0]?.subnet}</span>
          <span className="grow" />
          <span className="text-3 text-small">
            {isUsed(network) ? network.usedBy.join(', ') : driverName(network.driver)}
          </span>
        </li>
      ))}
    </ul>
  );
}

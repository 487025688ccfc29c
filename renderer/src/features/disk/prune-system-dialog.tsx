import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PrunableItem, PrunableSystem } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { reportError } from '../../lib/report-error.ts';
import { shortId } from '../../lib/image-reference.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { pruneSystemCommand } from '../commands/system-commands.ts';
import './disk.css';

const KINDS = ['containers', 'networks', 'volumes', 'images', 'buildCache'] as const;

/** Deletes all that nothing needs, after it has said what, to the byte. */
export default function PruneSystemDialog() {
  const t = useText();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const [volumes, setVolumes] = useState(false);
  const { going, busy, prune } = usePrune(all, volumes);
  const count = going.data === undefined ? 0 : KINDS.reduce((sum, kind) => sum + going.data[kind].length, 0);
  return (
    <ConfirmDialog
      title={t('disk.pruneTitle')}
      confirmLabel={t('disk.pruneConfirm')}
      cancelLabel={t('ui.cancel')}
      busy={busy || going.isFetching || count === 0}
      onConfirm={() => void prune()}
      onClose={closeOverlay}
      command={<CommandView command={pruneSystemCommand({ all, volumes })} />}
    >
      <p>{t('disk.pruneText')}</p>
      <Checkbox labelled label={t('disk.pruneAll')} checked={all} onChange={setAll} />
      <Checkbox labelled label={t('disk.pruneVolumes')} checked={volumes} onChange={setVolumes} />
      {going.error !== null && <ErrorNotice {...describeError(going.error)} />}
      {going.data !== undefined && count === 0 && (
        <p className="text-2" role="status">
          {t('disk.pruneNone')}
        </p>
      )}
      {going.data !== undefined && count > 0 && (
        <>
          <Going system={going.data} />
          <p role="status">{t('disk.pruneFrees', { bytes: format.exactBytes(going.data.freedBytes) })}</p>
        </>
      )}
    </ConfirmDialog>
  );
}

function Going({ system }: { readonly system: PrunableSystem }) {
  const t = useText();
  return (
    <div className="confirm-list disk-going" tabIndex={0} role="group" aria-label={t('disk.pruneTitle')}>
      {KINDS.filter((kind) => system[kind].length > 0).map((kind) => (
        <section key={kind} aria-label={t(`disk.going.${kind}`)}>
          <h2 className="text-3 text-small">
            {t(`disk.going.${kind}`)} {system[kind].length}
          </h2>
          <ul>
            {system[kind].map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Item({ item: { id, name, bytes } }: { readonly item: PrunableItem }) {
  const t = useText();
  const format = useFormat();
  return (
    <li className="row">
      <span className="text-medium ellipsis" title={name}>
        {name === id ? shortId(name) : name}
      </span>
      <span className="grow" />
      {bytes > 0 && (
        <span className="text-3 text-small">{t('bytes.exact', { bytes: format.exactBytes(bytes) })}</span>
      )}
    </li>
  );
}

function usePrune(all: boolean, volumes: boolean) {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const going = useQuery({
    queryKey: [...queryKeys.diskUsage, 'prunable', all, volumes],
    queryFn: ({ signal }) => engine.system.prunable({ all, volumes }, { signal }),
    placeholderData: (before) => before,
  });
  const prune = async () => {
    setBusy(true);
    try {
      const { freedBytes } = await engine.system.prune({ all, volumes });
      useToasts.getState().show({ tone: 'ok', title: t('disk.pruned', { size: format.bytes(freedBytes) }) });
      await queries.invalidateQueries({ queryKey: queryKeys.diskUsage });
    } catch (thrown) {
      reportError(thrown);
    }
    closeOverlay();
  };
  return { going, busy, prune };
}

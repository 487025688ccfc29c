import { useState } from 'react';
import type { ContainerSummary } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { clear, type Selection } from '../../ui/data-grid/index.ts';
import { SelectionBar } from '../lists/selection-bar.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { type ContainerVerb, useContainerActions } from './actions.ts';
import { isLive } from './container-state.ts';

interface BulkBarProps {
  readonly containers: readonly ContainerSummary[];
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
}

/** What failed stays selected. */
export function BulkBar({ containers, selection, onSelection }: BulkBarProps) {
  const t = useText();
  const actions = useContainerActions();
  const [busy, setBusy] = useState(false);
  const live = containers.filter((container) => isLive(container.state));
  const stopped = containers.filter((container) => !isLive(container.state));
  const pausable = containers.filter((container) => container.state.status === 'running');
  const paused = containers.filter((container) => container.state.status === 'paused');
  const act = async (verb: ContainerVerb, chosen: readonly ContainerSummary[]) => {
    setBusy(true);
    const failed = await actions.act(verb, chosen);
    setBusy(false);
    onSelection({ ...selection, selected: new Set(failed.map((container) => container.id)) });
  };
  return (
    <SelectionBar
      count={containers.length}
      note={t('bulk.running', { count: live.length })}
      onClear={() => onSelection(clear(selection))}
    >
      <span className="divider" />
      {stopped.length > 0 && (
        <Button icon="play" disabled={busy} onClick={() => void act('start', stopped)}>
          {t('action.start')}
        </Button>
      )}
      {live.length > 0 && (
        <Button icon="stop" disabled={busy} onClick={() => void act('stop', live)}>
          {t('action.stop')}
        </Button>
      )}
      {pausable.length > 0 && (
        <Button icon="pause" disabled={busy} onClick={() => void act('pause', pausable)}>
          {t('action.pause')}
        </Button>
      )}
      {paused.length > 0 && (
        <Button icon="play" disabled={busy} onClick={() => void act('unpause', paused)}>
          {t('action.unpause')}
        </Button>
      )}
      <Button icon="restart" disabled={busy} onClick={() => void act('restart', containers)}>
        {t('action.restart')}
      </Button>
      <span className="grow" />
      <Button
        variant="danger"
        icon="trash"
        disabled={busy}
        onClick={() => openOverlay({ kind: 'remove-containers', containers })}
      >
        {t('action.delete')}
      </Button>
    </SelectionBar>
  );
}

import type { EngineClient } from '@longshore/engine/contract';
import type { BuildSummary } from '@longshore/engine/types';
import { copyText } from '../../lib/clipboard.ts';
import { reportError } from '../../lib/report-error.ts';
import type { Text } from '../../messages/use-text.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { buildAgainCommand, pruneCacheCommand } from '../commands/build-commands.ts';
import { dockerMenu } from '../commands/command-menu.ts';

export function buildMenu(build: BuildSummary, engine: EngineClient, t: Text): MenuEntry[] {
  const isRunning = build.status === 'running';
  return [
    {
      label: t('builds.again'),
      icon: 'restart',
      disabled: isRunning,
      onSelect: () => openOverlay({ kind: 'build', again: build }),
    },
    {
      label: t('builds.cancel'),
      icon: 'close',
      disabled: !isRunning,
      onSelect: () => void cancelBuild(engine, build),
    },
    { kind: 'separator' },
    { label: t('action.copyId'), icon: 'copy', onSelect: () => void copyText(build.id) },
    dockerMenu(t, [buildAgainCommand(build) ?? [], pruneCacheCommand(false)].flat()),
    { kind: 'separator' },
    {
      label: t('builds.remove'),
      icon: 'trash',
      danger: true,
      disabled: isRunning,
      onSelect: () => openOverlay({ kind: 'remove-builds', builds: [build] }),
    },
  ];
}

export async function cancelBuild(engine: EngineClient, build: BuildSummary): Promise<void> {
  try {
    await engine.builds.cancel({ build: build.id });
  } catch (thrown) {
    reportError(thrown);
  }
}

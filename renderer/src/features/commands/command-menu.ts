import { copyText } from '../../lib/clipboard.ts';
import type { Text } from '../../messages/use-text.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { type ActionCommand, commandLine } from './action-command.ts';

/** In a menu: what can be done there, as lines for docker; the chosen one is copied. */
export function dockerMenu(t: Text, commands: readonly ActionCommand[]): MenuEntry {
  const lines = commands.flatMap((command) => commandLine(command, 'docker') ?? []);
  return {
    kind: 'submenu',
    label: t('command.copyDocker'),
    icon: 'terminal',
    entries: lines.map((line) => ({
      label: line,
      mono: true,
      onSelect: () => void copyLine(t, line),
    })),
  };
}

async function copyLine(t: Text, line: string): Promise<void> {
  const copied = await copyText(line);
  const { show } = useToasts.getState();
  if (copied) show({ tone: 'ok', title: t('ui.copied'), hint: line });
  else show({ tone: 'bad', title: t('ui.copyRefused'), hint: line });
}

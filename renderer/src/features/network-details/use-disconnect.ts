import { useQueryClient } from '@tanstack/react-query';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useText } from '../../messages/use-text.ts';
import { useToasts } from '../../ui/toast-store.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Takes a container off a network at once, and offers to put it back. */
export function useDisconnect(): (network: Named, container: Named) => void {
  const t = useText();
  const engine = useEngine();
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: queryKeys.networks }),
      queries.invalidateQueries({ queryKey: queryKeys.containers }),
    ]);
  return (network, container) => {
    const both = { network: network.id, container: container.id };
    const disconnect = async () => {
      const { members } = await engine.networks.inspect({ network: network.id });
      const before = members.find(({ containerId }) => containerId === container.id);
      await engine.networks.disconnect(both);
      await refresh();
      const again = async () => {
        await engine.networks.connect({ ...both, aliases: [...(before?.aliases ?? [])] });
        await refresh();
      };
      useToasts.getState().show({
        tone: 'ok',
        title: t('connect.disconnected', { container: container.name, network: network.name }),
        action: {
          label: t('image.undo'),
          run: () => void again().catch((error: unknown) => reportError(error)),
        },
      });
    };
    disconnect().catch((error: unknown) => reportError(error));
  };
}

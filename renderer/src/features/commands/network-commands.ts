import type { NetworkRequestInput } from '@longshore/engine/contract';
import { createNetworkArguments } from '../networks/network-form.ts';
import { type ActionCommand, same } from './action-command.ts';

export function createNetworkCommand(request: NetworkRequestInput): ActionCommand {
  return same(...createNetworkArguments(request));
}

export interface ConnectOrder {
  readonly network: string;
  readonly container: string;
  readonly aliases: readonly string[];
  readonly ipv4?: string | undefined;
  readonly ipv6?: string | undefined;
}

export function connectCommand({ network, container, aliases, ipv4, ipv6 }: ConnectOrder): ActionCommand {
  return same(
    'network',
    'connect',
    ...aliases.flatMap((alias) => ['--alias', alias]),
    ...(ipv4 === undefined ? [] : ['--ip', ipv4]),
    ...(ipv6 === undefined ? [] : ['--ip6', ipv6]),
    network,
    container,
  );
}

export function disconnectCommand(network: string, container: string): ActionCommand {
  return same('network', 'disconnect', network, container);
}

export function removeNetworksCommand(names: readonly string[]): ActionCommand {
  return same('network', 'rm', ...names);
}

export function pruneNetworksCommand(): ActionCommand {
  return same('network', 'prune', '-f');
}

export function inspectNetworkCommand(name: string): ActionCommand {
  return same('network', 'inspect', name);
}

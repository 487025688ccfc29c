import { EngineError } from '../errors/index.ts';
import type { ProbeResult } from '../types/index.ts';
import type { InputOf } from './handler-input.ts';
import type { ConnectedContainer } from './network-use.ts';
import type { Parts } from './parts.ts';

/**
 * Can one reach the other? A container as the goal is tried by its addresses on networks that both are on; where there
 * is none, by all it has: the answer then tells what keeps them apart.
 */
export async function probe(
  { host, use }: Pick<Parts, 'host' | 'use'>,
  { from, to, port, timeoutMs }: InputOf<'probe'>,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const source = from === undefined ? null : running(use.find(from));
  const goals = 'host' in to ? [to.host] : addressesFrom(source, running(use.find(to.container)));
  const tried: string[] = [];
  let result: ProbeResult | null = null;
  for (const goal of goals) {
    result = await host.probe({ from: source?.id ?? null, host: goal, port, timeoutMs }, { signal });
    tried.push(...result.addresses);
    if (result.outcome === 'connected') break;
  }
  if (result !== null) return { ...result, addresses: tried };
  return { outcome: 'unreachable', addresses: [], roundTripMs: null, reason: 'It has no address.' };
}

function addressesFrom(source: ConnectedContainer | null, goal: ConnectedContainer): readonly string[] {
  const near = new Set(source?.addresses.map(({ network }) => network));
  const shared = goal.addresses.filter(({ network }) => near.has(network));
  return (shared.length > 0 ? shared : goal.addresses).map(({ address }) => address);
}

function running(container: ConnectedContainer): ConnectedContainer {
  if (container.running) return container;
  throw new EngineError('conflict', `Container ${container.name} is not running.`, {
    detail: { path: container.name },
    hint: 'Start it first.',
  });
}

import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { ContainerDetails, ProbeResult } from '@longshore/engine/types';
import type { FakeWorld } from './fake-world.ts';

type ProbeRequest = Parameters<EngineHandlers['networks']['probe']>[0];

/** What answers by the fake world's own rules: those on one network, on ports that are exposed; the machine, all. */
export function fakeProbe(world: FakeWorld, { from, to, port }: ProbeRequest): ProbeResult {
  const source = from === undefined ? undefined : running(world, from);
  if ('host' in to) {
    const name = to.host;
    const named =
      source === undefined ? undefined : neighbours(world, source).find((each) => each.name === name);
    if (named !== undefined) return answer(named, addressBetween(source, named) ?? '', port);
    return {
      outcome: 'unknown-name',
      addresses: [],
      roundTripMs: null,
      reason: `The name "${name}" is not known there.`,
    };
  }
  const target = running(world, to.container);
  const address = addressBetween(source, target);
  if (address === undefined) {
    return {
      outcome: 'unreachable',
      addresses: [],
      roundTripMs: null,
      reason: `"${source?.name ?? ''}" and "${target.name}" have no network in common.`,
    };
  }
  return answer(target, address, port);
}

function running(world: FakeWorld, name: string): ContainerDetails {
  const found = world.container(name);
  if (found.state.status === 'running') return found;
  throw new EngineError('failed-precondition', `The container "${found.name}" is not running.`, {
    hint: 'Start it first.',
  });
}

function neighbours(world: FakeWorld, source: ContainerDetails): readonly ContainerDetails[] {
  return [...world.containers.values()].filter((each) => addressBetween(source, each) !== undefined);
}

function addressBetween(source: ContainerDetails | undefined, target: ContainerDetails): string | undefined {
  const shared = target.networks.find(
    ({ id }) => source === undefined || source.networks.some((each) => each.id === id),
  );
  return shared?.ipv4?.address;
}

function answer(target: ContainerDetails, address: string, port: number): ProbeResult {
  const listens = target.exposedPorts.some(({ containerPort }) => containerPort === port);
  return listens
    ? { outcome: 'connected', addresses: [address], roundTripMs: 0.21, reason: null }
    : {
        outcome: 'refused',
        addresses: [address],
        roundTripMs: null,
        reason: `Nothing listens on port ${port} of "${target.name}".`,
      };
}

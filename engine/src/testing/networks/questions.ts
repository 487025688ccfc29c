import {
  type ContainerRequestInput,
  type NetworkFilters,
  type NetworkRequestInput,
  networkRequest,
} from '../../contract/index.ts';
import type { ContainerDetails, NetworkDetails } from '../../types/index.ts';
import { type ContainersBench, request } from '../runtime/containers-bench.ts';

type Attachment = NonNullable<ContainerRequestInput['networks']>[number];

const context = { signal: new AbortController().signal };

export function create(
  bench: ContainersBench,
  name: string,
  more: Partial<NetworkRequestInput> = {},
): Promise<NetworkDetails> {
  return bench.networks.handlers.create(networkRequest.parse({ ...more, name }), context);
}

/** Of all networks that match, in the order of the list. */
export async function names(
  bench: ContainersBench,
  filters: NetworkFilters = {},
): Promise<readonly string[]> {
  return (await bench.networks.handlers.list({ filters }, context)).map(({ name }) => name);
}

/** A container that runs until it is ended. */
export function run(
  bench: ContainersBench,
  name: string,
  more: Partial<ContainerRequestInput>,
): Promise<ContainerDetails> {
  return bench.handlers.run(request(['sleep', '1000'], { name, ...more }), context);
}

export function on(network: string, more: Partial<Attachment> = {}): Pick<ContainerRequestInput, 'networks'> {
  return { networks: [{ network, ...more }] };
}

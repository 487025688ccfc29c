import { type ContainerRequestInput, containerRequest } from '../../contract/index.ts';
import { containerSpec } from '../../containers/index.ts';
import type { ContainerDetails, ContainerMount, ContainerState } from '../../types/index.ts';
import { FakeNetworkSource } from '../networks/fake-network-source.ts';
import { imageConfig } from '../runtime/sample-image.ts';

const IMAGE = {
  id: `sha256:${'1'.repeat(64)}`,
  reference: 'busybox:latest',
  platform: 'linux/amd64',
  chainIds: [],
  config: imageConfig({ env: ['PATH=/bin'], command: ['sh'] }),
};

const ID = 'abcdef0123456789'.repeat(4);

/** Of a container that was made, and never started. */
export const CREATED: ContainerState = {
  status: 'created',
  pid: null,
  startedAt: null,
  exit: null,
  failure: null,
  restartCount: 0,
  nextRetryAt: null,
  crashLooping: null,
  health: null,
};

/** Of a container that runs. */
export const RUNNING: ContainerState = {
  ...CREATED,
  status: 'running',
  pid: 7,
  startedAt: '2026-01-01T00:55:00Z',
};

const SEA_SUBNET = { subnet: '10.9.0.0/16', gateway: '10.9.0.1', range: null, reserved: {} };

/** A network besides the default one. */
export const SEA = { id: '5ea'.padEnd(64, '0'), name: 'sea' };

/** A container named `web` as it is when it was just created on what was asked; `part` is what differs. */
export function containerDetails(
  asked: Partial<ContainerRequestInput> = {},
  { mounts = [], ...part }: Partial<ContainerDetails> & { readonly mounts?: readonly ContainerMount[] } = {},
): ContainerDetails {
  const networks = new FakeNetworkSource();
  networks.networks.push({ ...SEA, driver: 'bridge', hasNames: true, subnets: [SEA_SUBNET] });
  const spec = containerSpec(ID, containerRequest.parse({ image: IMAGE.reference, ...asked }), {
    image: IMAGE,
    find: () => {
      throw new Error('No other container is asked for.');
    },
    mounts,
    networks,
    idMappings: () => [],
    machineName: 'machine',
  });
  return {
    id: ID,
    name: 'web',
    image: { id: IMAGE.id, reference: IMAGE.reference },
    command: [...spec.entrypoint, ...spec.command],
    createdAt: '2026-01-01T00:50:00.123456789Z',
    state: CREATED,
    tty: spec.tty,
    networks: [],
    ports: [],
    exposedPorts: spec.exposedPorts,
    labels: spec.labels,
    spec,
    platform: IMAGE.platform,
    warnings: [],
    reasons: [],
    ...part,
  };
}

import { containerSpec, NO_DEVICES, runRequest, type Surroundings } from '../../containers/index.ts';
import { FakeNetworkSource } from '../networks/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { RunRequest } from '../../runtime/index.ts';
import { request, SAMPLE_HOST, SAMPLE_IMAGE } from './containers-bench.ts';

const ALONE: Surroundings = {
  image: SAMPLE_IMAGE,
  mounts: [],
  find: (name) => {
    throw new EngineError('not-found', `No such container: ${name}`);
  },
  networks: new FakeNetworkSource(),
  idMappings: () => [],
  machineName: SAMPLE_HOST.hostname,
};

/** Requests for containers of an image with these layers, as the engine itself makes them. */
export function runtimeRequest(
  chainIds: readonly string[],
): (id: string, command: readonly string[], more?: Partial<RunRequest>) => RunRequest {
  return (id, command, more) => {
    const record = {
      id,
      name: 'a',
      image: SAMPLE_IMAGE,
      chainIds,
      platform: SAMPLE_IMAGE.platform,
      createdAt: '',
      spec: containerSpec(id, request(command, { network: 'none' }), ALONE),
      lastRun: null,
      restartCount: 0,
      stoppedByHand: false,
      failure: null,
      warnings: [],
      removing: false,
      removingVolumes: false,
    };
    return { ...runRequest(record, { ...SAMPLE_HOST, swapAccounting: false }, NO_DEVICES, []), ...more };
  };
}

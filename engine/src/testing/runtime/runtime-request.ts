import { containerSpec, runRequest } from '../../containers/index.ts';
import type { RunRequest } from '../../runtime/index.ts';
import { request, SAMPLE_IMAGE } from './containers-bench.ts';

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
      spec: containerSpec(id, request(command, { network: 'none' }), SAMPLE_IMAGE),
      lastRun: null,
      failure: null,
      warnings: [],
      removing: false,
    };
    return { ...runRequest(record, { swapAccounting: false, maskedPaths: [] }), ...more };
  };
}

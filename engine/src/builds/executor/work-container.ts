import { randomBytes } from 'node:crypto';
import type { BuildHost, ContainerFiles, ContainerTarget, Runtime } from '../../runtime/index.ts';
import type { BuiltLayer, Root } from '../graph/vertex.ts';

/** Ids of builds' containers begin with it: what a crash has left is found by it. */
export const WORK_CONTAINERS = 'b01db01db01db01d';

export interface WorkParts {
  readonly runtime: Runtime;
  readonly files: ContainerFiles;
  readonly host: BuildHost;
  /** ChainID of a layer with nothing in it, for roots without layers. */
  readonly emptyLayer: (signal: AbortSignal) => Promise<string>;
  /** Nothing is collected while the work is under way. */
  readonly uncollected: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  readonly pin: (chainId: string) => void;
}

export interface WorkContainer {
  readonly target: ContainerTarget;
  readonly id: string;
  readonly chainIds: readonly string[];
}

/** Changes a root in a container of its own, and makes a layer of what has changed. */
export async function inWorkContainer(
  parts: WorkParts,
  root: Root,
  epoch: number | null,
  signal: AbortSignal,
  change: (work: WorkContainer) => Promise<void>,
): Promise<Omit<BuiltLayer, 'createdAt'>> {
  const { runtime, host } = parts;
  const id = WORK_CONTAINERS + randomBytes(24).toString('hex');
  const own = root.map(({ chainId }) => chainId);
  const chainIds = own.length > 0 ? own : [await parts.emptyLayer(signal)];
  try {
    await change({ id, chainIds, target: { id, rootfs: { chainIds, readOnly: false } } });
    const order = { id, chainIds, parent: own.at(-1) ?? null, latestMtime: epoch };
    return await parts.uncollected(async () => {
      const { chainId, diffId, usageBytes } = await host.commitLayer(order, { signal });
      parts.pin(chainId);
      return { chainId, diffId, usageBytes };
    }, signal);
  } finally {
    // One that cannot be deleted now goes when the engine starts again: `removeLeftOver`.
    await runtime.delete(id, true).catch(() => undefined);
  }
}

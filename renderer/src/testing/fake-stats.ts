import type { ContainerDetails, ContainerStats, StatsBatch } from '@longshore/engine/types';
import type { FakeWorld } from './fake-world.ts';

const EVERY_MS = 1000;
const CPUS = 8;
const MACHINE_BYTES = 16 * 1024 ** 3;

/** What the running ones use, in waves that look like load. */
export async function* statsBatches(
  world: FakeWorld,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<StatsBatch> {
  for (let round = 0; !signal.aborted; round += 1) {
    const at = new Date();
    const containers = [...world.containers.values()].filter(
      (each) => each.state.pid !== null && (names.length === 0 || names.includes(each.id)),
    );
    yield { at: at.toISOString(), containers: containers.map((each) => statsOf(each, at, round === 0)) };
    await later(EVERY_MS, signal);
  }
}

function statsOf(container: ContainerDetails, at: Date, isFirst: boolean): ContainerStats {
  const seed = Number.parseInt(container.id.slice(0, 6), 16) / 0xffffff;
  const seconds = at.getTime() / 1000;
  const ran = seconds - Date.parse(container.state.startedAt ?? container.createdAt) / 1000;
  const isPaused = container.state.status === 'paused';
  const wave = 0.5 + 0.3 * Math.sin(seconds / (7 + seed * 9)) + 0.2 * Math.sin(seconds * (1.3 + seed));
  const limit = container.spec.resources.memoryBytes;
  const used = Math.round((limit ?? 700 * 1024 ** 2) * (0.25 + seed * 0.55 + 0.04 * wave));
  const moved = (perSecond: number) => Math.round(perSecond * (ran + 3 * Math.sin(seconds / 5)));
  return {
    id: container.id,
    name: container.name,
    at: at.toISOString(),
    cpu: {
      fraction: isFirst ? null : isPaused ? 0 : wave * seed * 0.6,
      usageNs: ran * seed * 3e8,
      userNs: ran * seed * 2e8,
      systemNs: ran * seed * 1e8,
      perCpuNs: [],
      periods: 0,
      throttledPeriods: 0,
      throttledNs: 0,
      hostNs: seconds * CPUS * 1e9,
      onlineCpus: CPUS,
    },
    memory: {
      usedBytes: used,
      usageBytes: Math.round(used * 1.2),
      maxUsageBytes: Math.round(used * 1.3),
      limitBytes: limit ?? MACHINE_BYTES,
      anonBytes: Math.round(used * 0.8),
      fileBytes: Math.round(used * 0.4),
      inactiveFileBytes: Math.round(used * 0.2),
      kernelBytes: Math.round(used * 0.02),
      swapBytes: 0,
      oomKills: 0,
    },
    pids: { current: 3 + Math.round(seed * 20), limit: container.spec.resources.pidsLimit },
    blockIo: { readBytes: moved(12_000 * seed), writeBytes: moved(90_000 * seed) },
    blockDevices: [],
    network: { receivedBytes: moved(48_000 * seed), sentBytes: moved(160_000 * seed) },
    interfaces: [],
  };
}

function later(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
  });
}

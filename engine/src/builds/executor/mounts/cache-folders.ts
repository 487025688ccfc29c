import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import { BUILD_VOLUMES, type VolumeStore } from '../../../runtime/index.ts';
import { isEngineError } from '../../../errors/index.ts';
import type { BuildCacheEntry } from '../../../types/index.ts';
import type { CacheMount } from '../../dockerfile/index.ts';
import type { FileOrigin } from '../../graph/vertex.ts';
import { packFolders } from '../archive.ts';
import type { MountWork, Prepared } from './mount-work.ts';
import { fillVolume } from './mounted-files.ts';

const VOLUMES = `${BUILD_VOLUMES}cache-`;
/** Where in its volume a cache is, so that it can have an owner and permissions of its own. */
const FOLDER = 'cache';

/** Folders that commands keep things in from build to build: volumes that only builds know. */
export class CacheFolders {
  private readonly volumes: VolumeStore;
  private readonly clock: Clock;
  /** How many commands have a cache, by volume. */
  private readonly users = new Map<string, number>();
  /** Of `sharing=locked`: whoever comes waits for the one before, by volume. */
  private readonly turns = new Map<string, Promise<void>>();
  /** ISO 8601, since the engine began, by volume. */
  private readonly lastUses = new Map<string, string>();

  constructor(volumes: VolumeStore, clock: Clock) {
    this.volumes = volumes;
    this.clock = clock;
  }

  /** A folder that is there again for the next command that names it. */
  async mount(
    work: MountWork,
    mount: CacheMount,
    target: string,
    origin: FileOrigin | null,
  ): Promise<Prepared> {
    const base = volumeOf(mount, target);
    const waited = mount.sharing === 'locked' ? await this.turn(base) : () => undefined;
    const name = mount.sharing === 'private' ? this.unused(base) : base;
    this.users.set(name, this.usersOf(name) + 1);
    const end = (): Promise<void> => {
      this.users.set(name, this.usersOf(name) - 1);
      this.lastUses.set(name, this.clock.now().toISOString());
      waited();
      return Promise.resolve();
    };
    try {
      await makeVolume(work, name, { mount, target, origin });
    } catch (thrown) {
      await end();
      throw thrown;
    }
    const subpath = origin === null ? FOLDER : '';
    const { readOnly } = mount;
    const volume = { type: 'volume', source: name, target, readOnly, subpath, noCopy: true } as const;
    return { mounts: [{ ...volume, anonymous: false }], env: [], end };
  }

  /** All of them, as parts of the cache. */
  async list(signal: AbortSignal): Promise<readonly BuildCacheEntry[]> {
    const found = (await this.volumes.list({ signal })).filter(({ spec }) => spec.name.startsWith(VOLUMES));
    if (found.length === 0) return [];
    const sizes = new Map<string, number>();
    const names = found.map(({ spec }) => spec.name);
    for await (const { volume, sizeBytes } of this.volumes.usage(names, { signal })) {
      sizes.set(volume, sizeBytes);
    }
    return found.map(({ spec: { name, record }, createdAt }) => ({
      id: name.slice(VOLUMES.length),
      kind: 'mount',
      description: record,
      sizeBytes: sizes.get(name) ?? 0,
      ...{ createdAt, lastUsedAt: this.lastUses.get(name) ?? createdAt, usedTimes: 1, shared: false },
      inUse: this.usersOf(name) > 0,
    }));
  }

  /** False: a command has it, or it is gone. */
  async remove(id: string, signal: AbortSignal): Promise<boolean> {
    const name = VOLUMES + id;
    if (this.usersOf(name) > 0) return false;
    try {
      await this.volumes.remove(name, null, { signal });
      return true;
    } catch (thrown) {
      if (isEngineError(thrown, 'not-found') || isEngineError(thrown, 'conflict')) return false;
      throw thrown;
    }
  }

  private usersOf(name: string): number {
    return this.users.get(name) ?? 0;
  }

  /** `sharing=private`: two commands at once have one each. */
  private unused(base: string): string {
    for (let number = 0; ; number++) {
      const name = number === 0 ? base : `${base}-${number}`;
      if (this.usersOf(name) === 0) return name;
    }
  }

  private async turn(name: string): Promise<() => void> {
    const before = this.turns.get(name) ?? Promise.resolve();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const mine = before.then(() => held);
    this.turns.set(name, mine);
    await before;
    return () => {
      release();
      if (this.turns.get(name) === mine) this.turns.delete(name);
    };
  }
}

/** Caches that begin with something are others than those that begin empty. */
function volumeOf({ id, from, source }: CacheMount, target: string): string {
  const words = JSON.stringify([id ?? target, from, from === null ? '' : source]);
  return `${VOLUMES}${createHash('sha256').update(words).digest('hex').slice(0, 32)}`;
}

interface Asked {
  readonly mount: CacheMount;
  readonly target: string;
  readonly origin: FileOrigin | null;
}

/** The folder belongs to whom the mount says; a cache that is there stays as it is. */
async function makeVolume(work: MountWork, name: string, { mount, target, origin }: Asked): Promise<void> {
  const { mode, uid, gid, source } = mount;
  const { parts, signal } = work;
  const isNew = await parts.volumes.create(
    { name, options: {}, record: description(mount, target) },
    { signal },
  );
  if (!isNew) return;
  try {
    if (origin !== null) await fillVolume(work, name, origin, source);
    else {
      const folder = { name: FOLDER, mode: mode ?? 0o755, uid: uid ?? 0, gid: gid ?? 0 };
      const archive = packFolders([folder], parts.modifiedAt(null));
      const options = { noOverwriteDirNonDir: true, owner: null, signal };
      await parts.files.writeArchive({ volume: name }, '/', archive, options);
    }
  } catch (thrown) {
    // What stopped the filling is told. Should this fail as well, a cache stays that has less than it began with: no
    // command may count on what a cache has.
    await parts.volumes.remove(name, null).catch(() => undefined);
    throw thrown;
  }
}

function description({ id }: CacheMount, target: string): string {
  return id === null || id === target ? target : `${id} at ${target}`;
}

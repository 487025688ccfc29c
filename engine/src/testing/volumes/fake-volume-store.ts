import { type Clock, systemClock } from '../../clock.ts';
import { EngineError, toEngineError } from '../../errors/index.ts';
import type {
  CallOptions,
  StoredTrash,
  StoredVolume,
  TrashPurge,
  VolumeSpec,
  VolumeStore,
} from '../../runtime/index.ts';
import type { VolumeUsage } from '../../types/index.ts';
import { FakeFiles } from '../runtime/fake-files.ts';
import { FakeTree } from '../runtime/fake-tree.ts';

interface Trashed extends StoredTrash {
  readonly tree: FakeTree;
}

const CREATED_AT = '2026-01-01T00:00:00.000000000Z';

/** The data of volumes in memory. */
export class FakeVolumeStore implements VolumeStore {
  /** What images hold, by path; what volumes are filled from. */
  readonly image = new Map<string, FakeTree>();
  /** Volumes that running containers have. */
  readonly busy = new Set<string>();
  /** The files of these volumes. */
  readonly files: FakeFiles;
  private readonly trees = new Map<string, FakeTree>();
  private readonly specs = new Map<string, VolumeSpec>();
  private trashed: readonly Trashed[] = [];
  private readonly clock: Pick<Clock, 'now'>;
  private removals = 0;

  constructor(clock: Pick<Clock, 'now'> = systemClock) {
    this.clock = clock;
    this.files = new FakeFiles(this.trees);
  }

  /** A volume's own tree, for tests to look at and to change. */
  of(name: string): FakeTree {
    const tree = this.trees.get(name);
    if (tree === undefined) throw unknown(name);
    return tree;
  }

  async create(spec: VolumeSpec, { signal }: CallOptions = {}): Promise<boolean> {
    check(signal);
    checkOptions(spec);
    const known = this.specs.get(spec.name);
    if (known === undefined) {
      this.add(spec, new FakeTree([]));
      return true;
    }
    if (JSON.stringify(known.options) !== JSON.stringify(spec.options)) throw taken(spec.name);
    return false;
  }

  async list(): Promise<readonly StoredVolume[]> {
    return [...this.specs.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((spec) => ({ spec, createdAt: CREATED_AT }));
  }

  async remove(name: string, trashId: string | null): Promise<number> {
    const tree = this.of(name);
    this.checkIdle(name);
    if (trashId !== null) this.throwAway(trashId, name, tree);
    this.specs.delete(name);
    this.trees.delete(name);
    return trashId === null ? sizeOf(tree) : 0;
  }

  async copyUp(name: string, _chainIds: readonly string[], path: string): Promise<boolean> {
    const source = this.image.get(path);
    if (source === undefined || this.of(name).nodes.size > 1 || this.busy.has(name)) return false;
    this.trees.set(name, copyOf(source));
    return true;
  }

  async clone(source: string, spec: VolumeSpec): Promise<void> {
    this.add(spec, copyOf(this.of(source)));
  }

  async empty(name: string, trashId: string): Promise<boolean> {
    const tree = this.of(name);
    this.checkIdle(name);
    if (tree.nodes.size === 1) return false;
    this.throwAway(trashId, name, tree);
    this.trees.set(name, new FakeTree([]));
    return true;
  }

  async import(
    spec: VolumeSpec,
    trashId: string | null,
    archive: AsyncIterable<Uint8Array>,
    { signal }: CallOptions = {},
  ): Promise<void> {
    const replaced = this.trees.get(spec.name);
    if (replaced !== undefined && trashId === null) throw taken(spec.name);
    if (replaced !== undefined) this.checkIdle(spec.name);
    const staging = new Map([['staged', new FakeTree([])]]);
    const options = { noOverwriteDirNonDir: false, owner: null, signal };
    await new FakeFiles(staging).writeArchive({ volume: 'staged' }, '/', archive, options);
    if (replaced !== undefined && trashId !== null) this.throwAway(trashId, spec.name, replaced);
    const tree = staging.get('staged') ?? new FakeTree([]);
    if (replaced === undefined) this.add(spec, tree);
    else this.trees.set(spec.name, tree);
  }

  async *export(name: string, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    this.of(name);
    for await (const piece of this.files.readArchive({ volume: name }, '/.', options)) {
      if (piece.kind === 'data') yield piece.data;
    }
  }

  async *usage(names: readonly string[]): AsyncIterable<VolumeUsage> {
    for (const volume of names.length === 0 ? this.trees.keys() : names) {
      const tree = this.of(volume);
      yield { volume, sizeBytes: sizeOf(tree), files: tree.nodes.size - 1 };
    }
  }

  async trash(): Promise<readonly StoredTrash[]> {
    return this.trashed.map(({ tree: _tree, ...stored }) => stored);
  }

  async restore(trashId: string, name: string | null): Promise<VolumeSpec> {
    const found = this.trashed.find(({ id }) => id === trashId);
    if (found === undefined) throw new EngineError('not-found', `There is no ${trashId} in the trash.`);
    const spec = { ...found.spec, name: name ?? found.spec.name };
    this.add(spec, found.tree);
    this.trashed = this.trashed.filter((each) => each !== found);
    return spec;
  }

  async purge(what: TrashPurge): Promise<{ readonly ids: readonly string[]; readonly freedBytes: number }> {
    const gone = 'ids' in what ? this.trashed.filter(({ id }) => what.ids.includes(id)) : this.beyond(what);
    this.trashed = this.trashed.filter((each) => !gone.includes(each));
    return {
      ids: gone.map(({ id }) => id),
      freedBytes: gone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    };
  }

  private beyond(what: Extract<TrashPurge, { readonly maxBytes: number }>): readonly Trashed[] {
    let kept = 0;
    return this.trashed.filter(({ sizeBytes, removedAt }) => {
      kept += sizeBytes;
      return removedAt < what.removedBefore || kept > what.maxBytes;
    });
  }

  private add(spec: VolumeSpec, tree: FakeTree): void {
    const folded = spec.name.toLowerCase();
    if ([...this.specs.keys()].some((name) => name.toLowerCase() === folded)) throw taken(spec.name);
    this.specs.set(spec.name, spec);
    this.trees.set(spec.name, tree);
  }

  private throwAway(id: string, name: string, tree: FakeTree): void {
    const spec = this.specs.get(name);
    if (spec === undefined) throw unknown(name);
    this.removals += 1;
    const removedAt = new Date(this.clock.now().getTime() + this.removals).toISOString();
    this.trashed = [{ id, spec, removedAt, sizeBytes: sizeOf(tree), tree }, ...this.trashed];
  }

  private checkIdle(name: string): void {
    if (this.busy.has(name)) throw new EngineError('conflict', `The volume ${name} is in use.`);
  }
}

function checkOptions({ options }: VolumeSpec): void {
  const unknownOption = Object.keys(options).find((option) => !['type', 'device', 'o'].includes(option));
  if (unknownOption === undefined) return;
  throw new EngineError('invalid-argument', `The driver option ${unknownOption} is unknown.`, {
    detail: { path: unknownOption },
  });
}

function sizeOf(tree: FakeTree): number {
  return [...tree.nodes.values()].reduce((sum, { content }) => sum + content.byteLength, 0);
}

function copyOf(tree: FakeTree): FakeTree {
  return new FakeTree(tree.nodes);
}

function unknown(name: string): EngineError {
  return new EngineError('not-found', `There is no volume ${name}.`);
}

function taken(name: string): EngineError {
  return new EngineError('already-exists', `The volume ${name} exists already.`);
}

function check(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw toEngineError(signal.reason);
}

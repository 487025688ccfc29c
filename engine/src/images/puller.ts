import type { Clock } from '../clock.ts';
import type { ContentStore } from '../content/index.ts';
import { EngineError, isEngineError } from '../errors/index.ts';
import type { EventBus } from '../events/index.ts';
import {
  canRun,
  type Digest,
  familiarReference,
  formatPlatform,
  formatReference,
  type Reference,
} from '../oci/index.ts';
import type { MirroredSource, RegistryClient, SourceAccess } from '../registry/index.ts';
import type { Snapshotter, UnpackedLayer } from '../snapshots/index.ts';
import type { Platform, PullProgress } from '../types/index.ts';
import { attestedContent, storeAttestations } from './attestations.ts';
import { fetchBlob } from './blob-fetch.ts';
import type { Catalog } from './catalog.ts';
import type { Garbage } from './garbage.ts';
import { withinRoom } from './disk-room.ts';
import { LayerPull, type LayerState } from './layer-pull.ts';
import { type Layer, toLayerRecord } from './layers.ts';
import type { Leases } from './leases.ts';
import { repoDigestOf } from './lookup.ts';
import { LayerTable, pullingProgress } from './pull-progress.ts';
import type { AttestationRecord, ImageRecord } from './records.ts';
import { type RemoteImage, resolveRemote } from './remote-image.ts';
import { SharedWork } from './shared-work.ts';
import { sideBySide } from '../side-by-side.ts';
import { Slots } from '../slots.ts';

export interface PullerParts {
  readonly registry: RegistryClient;
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
  readonly catalog: Catalog;
  readonly leases: Leases;
  readonly garbage: Garbage;
  readonly events: EventBus;
  readonly clock: Clock;
}

export interface PullOrder extends SourceAccess {
  /** With tag or digest. */
  readonly reference: Reference;
  readonly platform: Platform;
}

export interface PullContext {
  readonly signal: AbortSignal;
  readonly report: (progress: PullProgress) => void;
  /** It is known what is to be pulled; nothing of it is until this resolves. */
  readonly onResolved: (remote: RemoteImage) => Promise<void>;
}

export interface PulledImage {
  readonly image: ImageRecord;
  readonly manifestDigest: string;
  /** Nothing had to be fetched. */
  readonly upToDate: boolean;
}

/** One pull under way, once its image is known. */
interface ImagePull {
  readonly name: string;
  readonly remote: RemoteImage;
  readonly source: MirroredSource;
  readonly table: LayerTable;
  readonly signal: AbortSignal;
}

interface Stored {
  /** Bytes of disk of each layer, lowest first. */
  readonly usage: readonly number[];
  readonly attestations: readonly AttestationRecord[];
}

/**
 * Brings images from registries. Layers are fetched and unpacked side by side; pulls that need the same layer at the
 * same time share the work. An image appears when all of it is there and verified.
 */
export class Puller {
  private readonly parts: PullerParts;
  private readonly slots: Slots;
  private readonly layerWork = new SharedWork<LayerState, UnpackedLayer>();

  constructor(parts: PullerParts) {
    this.parts = parts;
    this.slots = new Slots(parts.registry.concurrency);
  }

  async pull(order: PullOrder, context: PullContext): Promise<PulledImage> {
    const { registry } = this.parts;
    const { reference } = order;
    this.slots.resize(registry.concurrency);
    context.report({ stage: 'resolving', reference: familiarReference(reference) });
    const source = registry.source(reference, order);
    try {
      return await this.pullFrom(source, order, context);
    } catch (thrown) {
      if (!source.hasMirrors || !isEngineError(thrown, 'invalid-argument')) throw thrown;
      // A mirror that has other content than it should is no verdict on the image.
      return this.pullFrom(registry.source(reference, order, 'origin'), order, context);
    }
  }

  private async pullFrom(
    source: MirroredSource,
    { reference, platform }: PullOrder,
    { signal, report, onResolved }: PullContext,
  ): Promise<PulledImage> {
    const { content } = this.parts;
    const name = familiarReference(reference);
    const remote = await resolveRemote({ source, content, reference, platform, signal });
    if (!canRun(platform, remote.config.platform))
      throw wrongPlatform(name, remote.config.platform, platform);

    const manifest = remote.manifest.digest;
    const leased = {
      manifest,
      digests: [
        ...(remote.index === null ? [] : [remote.index.record.digest]),
        manifest,
        remote.configDescriptor.digest,
        ...[...remote.layers, ...attestedContent(remote.attestations)].map(({ digest }) => digest),
      ],
      chainIds: remote.layers.map(({ chainId }) => chainId),
    };
    await onResolved(remote);
    await this.parts.garbage.protect(leased, signal);
    let committed = false;
    try {
      await content.put(remote.configDescriptor, remote.configBytes);
      await content.put(remote.manifest, remote.manifestBytes);
      if (remote.index !== null) await content.put(remote.index.record, remote.index.bytes);
      const table = new LayerTable(remote.layers, (layers) => report(pullingProgress(name, remote, layers)));
      const { usage, fetched } = await this.pullLayers({ name, remote, source, table, signal });
      const attestations = await storeAttestations({ source, content }, remote.attestations, signal);
      const image = await this.commit(reference, remote, { usage, attestations });
      committed = true;
      return { ...image, upToDate: !fetched && !image.changed };
    } finally {
      await this.parts.leases.release(manifest, committed);
    }
  }

  /** Bytes of disk of each layer, lowest first, once all are unpacked. */
  private async pullLayers(
    pull: ImagePull,
  ): Promise<{ readonly usage: readonly number[]; readonly fetched: boolean }> {
    const { content, snapshotter } = this.parts;
    const { name, signal } = pull;
    const { layers } = pull.remote;
    const listed = await snapshotter.list({ signal });
    const present = new Map(listed.map((snapshot) => [snapshot.chainId, snapshot.usageBytes]));
    const missing: Layer[] = [];
    for (const layer of layers) {
      if (!present.has(layer.chainId) || !(await content.has(layer))) missing.push(layer);
    }
    const usage = await withinRoom({ content, name, layers: missing }, () => this.pullAll(pull, present));
    return { usage, fetched: missing.length > 0 };
  }

  /** Side by side, lowest first: a layer never waits for one that was asked for later. */
  private pullAll(pull: ImagePull, present: ReadonlyMap<Digest, number>): Promise<readonly number[]> {
    const one = (layer: Layer, index: number, signal: AbortSignal): Promise<number> =>
      this.pullOne({ ...pull, signal }, layer, index, present.get(layer.chainId));
    return sideBySide(pull.remote.layers, one, pull.signal);
  }

  /** `usageBytes`: when it is unpacked already. */
  private async pullOne(
    { source, table, signal }: ImagePull,
    layer: Layer,
    index: number,
    usageBytes: number | undefined,
  ): Promise<number> {
    if (usageBytes !== undefined) {
      await this.completeBlob({ source, table, signal }, layer, index);
      return usageBytes;
    }
    const unpacked = await this.layerWork.join(
      layer.chainId,
      (work) =>
        new LayerPull({ ...this.parts, slots: this.slots }, layer, { ...work, repository: source }).run(),
      { signal, onProgress: (state) => table.update(index, state) },
    );
    table.finish(index, 'done');
    return unpacked.usageBytes;
  }

  /** A layer that is unpacked may have lost its blob: without it the image could not be pushed or saved. */
  private async completeBlob(
    { source, table, signal }: Pick<ImagePull, 'source' | 'table' | 'signal'>,
    layer: Layer,
    index: number,
  ): Promise<void> {
    if (await this.parts.content.has(layer)) {
      table.finish(index, 'exists');
      return;
    }
    const report = (downloadedBytes: number): void =>
      table.update(index, { stage: 'downloading', downloadedBytes, unpackedBytes: layer.size });
    await fetchBlob({ ...this.parts, slots: this.slots }, layer, { repository: source, signal, report });
    table.finish(index, 'done');
  }

  /** From here on the image is there, and then has its name. */
  private async commit(reference: Reference, remote: RemoteImage, { usage, attestations }: Stored) {
    const { catalog, events } = this.parts;
    const { config, manifest, configDescriptor, layers } = remote;
    const image: ImageRecord = {
      id: configDescriptor.digest,
      manifest,
      platform: config.platform,
      ...(remote.index !== null && { index: remote.index.record }),
      ...(attestations.length > 0 && { attestations: [...attestations] }),
      repoDigests: [repoDigestOf(reference, remote.digest)],
      layers: layers.map((layer, index) => toLayerRecord(layer, usage[index] ?? 0)),
      createdAt: config.createdAt,
      labels: config.run.labels,
      removeWhenUnused: false,
    };
    const name = reference.digest === null ? formatReference(reference) : null;
    const known = await catalog.exclusive(async () => {
      const before = name === null ? catalog.get(image.id) : catalog.named(name);
      const here = before === undefined ? [] : [before, ...catalog.siblingsOf(before)];
      await catalog.add(image, name);
      return here.some(({ id }) => id === image.id);
    });
    events.publish({ type: 'image', action: 'pull', id: image.id, reference: familiarReference(reference) });
    return {
      image: catalog.get(image.id) ?? image,
      manifestDigest: manifest.digest,
      changed: !known,
    };
  }
}

function wrongPlatform(name: string, offered: Platform, wanted: Platform): EngineError {
  return new EngineError(
    'not-found',
    `${name} is made for ${formatPlatform(offered)}, not ${formatPlatform(wanted)}.`,
    {
      detail: { step: 'platform', path: formatPlatform(wanted) },
      hint: 'Look for a tag that is made for this platform.',
    },
  );
}

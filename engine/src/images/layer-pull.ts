import type { Clock } from '../clock.ts';
import type { ContentStore, Ingest } from '../content/index.ts';
import { EngineError, isEngineError, toEngineError } from '../errors/index.ts';
import { isDiskFull } from '../metadata/index.ts';
import { type ImageSource, Retries, TransientError } from '../registry/index.ts';
import type { LayerSource, Snapshotter, UnpackedLayer } from '../snapshots/index.ts';
import type { LayerStage } from '../types/index.ts';
import { appendBlob } from './append-blob.ts';
import type { Layer } from './layers.ts';
import type { Slots } from '../slots.ts';
import { Watermark } from './watermark.ts';

export interface LayerState {
  readonly stage: LayerStage;
  readonly downloadedBytes: number;
  readonly unpackedBytes: number;
}

export interface LayerPullParts {
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
  readonly clock: Clock;
  /** Downloads of all pulls together. */
  readonly slots: Slots;
}

export interface LayerPullOptions {
  readonly repository: ImageSource;
  readonly signal: AbortSignal;
  readonly report: (state: LayerState) => void;
}

/** Failures in a row without a new byte between them. */
const DOWNLOAD_RETRIES = 5;

/**
 * Gets one layer and unpacks it while it arrives. Ends with the layer unpacked and its blob stored, or with neither:
 * what could be verified later stays as a partial download to go on with, what was proved wrong is gone.
 */
export class LayerPull {
  private readonly parts: LayerPullParts;
  private readonly layer: Layer;
  private readonly options: LayerPullOptions;
  private state: LayerState = { stage: 'waiting', downloadedBytes: 0, unpackedBytes: 0 };

  constructor(parts: LayerPullParts, layer: Layer, options: LayerPullOptions) {
    this.parts = parts;
    this.layer = layer;
    this.options = options;
  }

  async run(): Promise<UnpackedLayer> {
    const { content } = this.parts;
    const { layer } = this;
    const ingest = await content.ingest(layer, this.options.signal);
    if (ingest !== null) return this.downloadTwice(ingest);
    try {
      return await this.unpackStored();
    } catch (thrown) {
      if (!isWrongContent(thrown)) throw thrown;
      // The blob has been damaged on our disk.
      await content.remove([layer.digest]);
      return this.run();
    }
  }

  private async unpackStored(): Promise<UnpackedLayer> {
    this.report({ stage: 'unpacking', downloadedBytes: this.layer.size });
    const stored = new Watermark(this.layer.size);
    stored.end();
    return this.unpack(this.parts.content.pathOf(this.layer.digest), stored, this.options.signal);
  }

  /** What an earlier attempt left may have been damaged by a crash: then once more from the beginning. */
  private async downloadTwice(ingest: Ingest): Promise<UnpackedLayer> {
    const resumed = ingest.written > 0;
    try {
      return await this.download(ingest);
    } catch (thrown) {
      if (!resumed || !isWrongContent(thrown)) throw thrown;
      const fresh = await this.parts.content.ingest(this.layer, this.options.signal);
      return fresh === null ? this.unpackStored() : this.download(fresh);
    }
  }

  private async download(ingest: Ingest): Promise<UnpackedLayer> {
    let unpacked: UnpackedLayer;
    try {
      unpacked = await this.fetchAndUnpack(ingest);
    } catch (thrown) {
      if (isWrongContent(thrown) || isTooLarge(thrown)) await ingest.discard();
      else await ingest.suspend();
      throw thrown;
    }
    // Unpacked by another meanwhile: then nobody has verified these bytes.
    if (unpacked.existed) await ingest.discard();
    else await ingest.commit();
    return unpacked;
  }

  /** Both at once. The first failure ends the other, and is the one to tell. */
  private async fetchAndUnpack(ingest: Ingest): Promise<UnpackedLayer> {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.options.signal, stop.signal]);
    const watermark = new Watermark(ingest.written);
    const failures: EngineError[] = [];
    const fail = (thrown: unknown): void => {
      const failure = toEngineError(thrown);
      failures.push(failure);
      watermark.fail(failure);
      stop.abort(failure);
    };
    let unpacking = Promise.resolve<UnpackedLayer | null>(null);
    const begin = (): Promise<void> => {
      unpacking = this.unpack(ingest.path, watermark, signal);
      // Unpacked by another meanwhile: the rest of the bytes is not needed.
      unpacking.then((layer) => layer?.existed === true && stop.abort(), fail);
      return this.fetch(ingest, watermark, signal);
    };
    await this.parts.slots.run(begin, signal).catch(fail);
    const unpacked = await unpacking.catch(() => null);
    if (unpacked !== null) return unpacked;
    throw failures[0] ?? new EngineError('internal', 'A layer ended neither well nor badly.');
  }

  private async fetch(ingest: Ingest, watermark: Watermark, signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    const retries = new Retries({ clock, limit: DOWNLOAD_RETRIES, patient: true });
    this.report({ stage: 'downloading', downloadedBytes: ingest.written });
    while (!ingest.complete) {
      const before = ingest.written;
      try {
        await this.copy(ingest, watermark, signal);
      } catch (thrown) {
        if (ingest.written > before) retries.reset();
        await retries.waitAfter(thrown, signal);
      }
    }
    watermark.end();
    this.report({ stage: 'unpacking' });
  }

  /** One request's worth; fails when that was not all of the rest. */
  private async copy(ingest: Ingest, watermark: Watermark, signal: AbortSignal): Promise<void> {
    const remote = await this.options.repository.blob(this.layer, ingest.written, signal);
    await appendBlob(ingest, remote, () => {
      watermark.advance(ingest.written);
      this.report({ downloadedBytes: ingest.written });
    });
    if (!ingest.complete) throw this.cutShort(ingest.written);
  }

  private unpack(path: string, available: Watermark, signal: AbortSignal): Promise<UnpackedLayer> {
    const { chainId, parentChainId, diffId, digest, size, mediaType } = this.layer;
    const source: LayerSource = { chainId, parentChainId, diffId, digest, size, mediaType, path };
    const onProgress = (unpackedBytes: number): void => {
      const finishing = unpackedBytes >= size && this.state.stage === 'unpacking';
      this.report({ unpackedBytes, ...(finishing && { stage: 'verifying' }) });
    };
    return this.parts.snapshotter.unpack(source, available, { signal, onProgress });
  }

  private report(change: Partial<LayerState>): void {
    this.state = { ...this.state, ...change };
    this.options.report(this.state);
  }

  private cutShort(written: number): TransientError {
    const { size, digest } = this.layer;
    return new TransientError(`The registry sends ${written} bytes of a layer that has ${size}.`, {
      detail: { step: 'size', path: digest },
      hint: 'Pull again; if it fails again, the image is damaged in the registry.',
    });
  }
}

function isWrongContent(thrown: unknown): boolean {
  return isEngineError(thrown, 'invalid-argument');
}

/** On a full disk what has been downloaded must make room; beyond the agent's bounds (`quota`) it is of no use. */
function isTooLarge(thrown: unknown): boolean {
  return isDiskFull(thrown) || (isEngineError(thrown) && thrown.detail.step === 'quota');
}

import type { Descriptor } from '../oci/index.ts';
import type { ImageSource, RemoteBlob, RemoteManifest, Repository } from './repository.ts';

/** Finds a place, and learns how it wants to be spoken to. */
export type OpenPlace = (signal: AbortSignal) => Promise<Repository>;

/**
 * One repository by way of its mirrors: each is asked in turn, and the registry itself last. A mirror that cannot be
 * spoken to is left alone from then on, and one that breaks off in a blob is not asked for that blob again.
 */
export class MirroredSource implements ImageSource {
  private readonly mirrors: readonly Place[];
  private readonly origin: Place;

  constructor(mirrors: readonly OpenPlace[], origin: OpenPlace) {
    this.mirrors = mirrors.map((open) => new Place(open));
    this.origin = new Place(origin);
  }

  get hasMirrors(): boolean {
    return this.mirrors.length > 0;
  }

  manifest(target: string, signal: AbortSignal): Promise<RemoteManifest> {
    return this.first((repository) => repository.manifest(target, signal), target, signal);
  }

  smallBlob(descriptor: Descriptor, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.first(
      (repository) => repository.smallBlob(descriptor, maxBytes, signal),
      descriptor.digest,
      signal,
    );
  }

  blob(descriptor: Descriptor, offset: number, signal: AbortSignal): Promise<RemoteBlob> {
    const { digest } = descriptor;
    return this.first(
      async (repository, place) => {
        const remote = await repository.blob(descriptor, offset, signal);
        return { ...remote, bytes: place.watched(remote, descriptor) };
      },
      digest,
      signal,
    );
  }

  private async first<T>(
    ask: (repository: Repository, place: Place) => Promise<T>,
    what: string,
    signal: AbortSignal,
  ): Promise<T> {
    for (const mirror of this.mirrors) {
      if (mirror.failed(what)) continue;
      try {
        return await ask(await mirror.open(signal), mirror);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        mirror.giveUp(what);
      }
    }
    return ask(await this.origin.open(signal), this.origin);
  }
}

class Place {
  private readonly opener: OpenPlace;
  private opened: Promise<Repository> | null = null;
  private isDown = false;
  /** Tags and digests that it could not give. */
  private readonly lacking = new Set<string>();

  constructor(opener: OpenPlace) {
    this.opener = opener;
  }

  async open(signal: AbortSignal): Promise<Repository> {
    this.opened ??= this.opener(signal);
    try {
      return await this.opened;
    } catch (thrown) {
      this.opened = null;
      this.isDown = !signal.aborted;
      throw thrown;
    }
  }

  failed(what: string): boolean {
    return this.isDown || this.lacking.has(what);
  }

  giveUp(what: string): void {
    this.lacking.add(what);
  }

  /** Notes a blob that does not come to its end. */
  async *watched({ offset, bytes }: RemoteBlob, { digest, size }: Descriptor): AsyncGenerator<Uint8Array> {
    let arrived = offset;
    try {
      for await (const chunk of bytes) {
        arrived += chunk.byteLength;
        yield chunk;
      }
    } finally {
      if (arrived < size) this.giveUp(digest);
    }
  }
}

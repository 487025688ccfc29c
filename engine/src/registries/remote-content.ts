import type { EngineHandlers } from '../contract/index.ts';
import { digestOf } from '../content/index.ts';
import type { SignIns } from '../credentials/index.ts';
import { EngineError } from '../errors/index.ts';
import {
  bareMediaType,
  type Digest,
  formatReference,
  type ImageIndex,
  isAttestation,
  isConfigType,
  isIndexType,
  isManifestType,
  parseManifest,
  parseReference,
  type Reference,
  withDefaultTag,
} from '../oci/index.ts';
import type { RegistryAccess, RegistryClient, Repository } from '../registry/index.ts';
import type { Referrer, RemoteManifest, RemotePlatform } from '../types/index.ts';

export interface RemoteContentParts {
  readonly registry: RegistryClient;
  readonly signIns: Pick<SignIns, 'find'>;
}

type Handlers = EngineHandlers['registries'];
type RequestOf<Verb extends keyof Handlers> = Parameters<Handlers[Verb]>[0];

interface Described {
  readonly reference: Reference;
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** Looks at what repositories have, and deletes there; nothing of it is kept. The registry itself is asked, no mirror. */
export class RemoteContent {
  private readonly parts: RemoteContentParts;

  constructor(parts: RemoteContentParts) {
    this.parts = parts;
  }

  async tags(
    { repository, insecure, limit }: RequestOf<'tags'>,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const opened = await this.open(parseReference(repository), { insecure }, signal);
    return opened.tags(limit, signal);
  }

  async manifest(
    { reference: text, insecure }: RequestOf<'manifest'>,
    signal: AbortSignal,
  ): Promise<RemoteManifest> {
    const reference = withDefaultTag(parseReference(text));
    const repository = await this.open(reference, { insecure }, signal);
    const described = await describe(repository, reference, signal);
    const { digest, bytes, mediaType } = described;
    return {
      reference: formatReference({ ...reference, digest }),
      digest,
      mediaType,
      sizeBytes: bytes.byteLength,
      ...kindOf(described),
      document: new TextDecoder().decode(bytes),
    };
  }

  async referrers(request: RequestOf<'referrers'>, signal: AbortSignal): Promise<readonly Referrer[]> {
    const { artifactType, insecure, limit } = request;
    const reference = withDefaultTag(parseReference(request.reference));
    const repository = await this.open(reference, { insecure }, signal);
    const digest = reference.digest ?? (await describe(repository, reference, signal)).digest;
    return repository.referrers(digest, artifactType ?? null, limit, signal);
  }

  /** A tag stands for its manifest here: that one goes. */
  async delete(
    { reference: text, insecure }: RequestOf<'deleteManifest'>,
    signal: AbortSignal,
  ): Promise<{ readonly digest: string }> {
    const reference = withDefaultTag(parseReference(text));
    const repository = await this.open(reference, { insecure, actions: 'pull,delete' }, signal);
    const digest = reference.digest ?? (await describe(repository, reference, signal)).digest;
    await repository.deleteManifest(digest, signal);
    return { digest };
  }

  private async open(reference: Reference, access: RegistryAccess, signal: AbortSignal): Promise<Repository> {
    const credentials = (await this.parts.signIns.find(reference.domain, signal)) ?? undefined;
    return this.parts.registry.open(reference, { ...access, credentials }, signal);
  }
}

/** Verified, when it was asked for by digest. */
async function describe(
  repository: Repository,
  reference: Reference,
  signal: AbortSignal,
): Promise<Described> {
  const target = reference.digest ?? reference.tag ?? '';
  const { bytes, contentType } = await repository.manifest(target, signal);
  const digest = digestOf(bytes);
  if (reference.digest !== null && digest !== reference.digest) {
    throw new EngineError('invalid-argument', 'The registry served another manifest than was asked for.', {
      detail: { step: 'digest', path: reference.digest },
      hint: 'Something between alters it, or the registry is damaged.',
    });
  }
  return { reference, digest, bytes, mediaType: bareMediaType(contentType ?? '') };
}

function kindOf(described: Described): Pick<RemoteManifest, 'kind' | 'platforms'> {
  const { bytes, mediaType } = described;
  if (!isIndexType(mediaType) && !isManifestType(mediaType)) return { kind: 'artifact', platforms: [] };
  const parsed = parseManifest(bytes, mediaType);
  if (parsed.kind === 'index') return { kind: 'index', platforms: platformsOf(parsed) };
  return { kind: isConfigType(parsed.config.mediaType) ? 'image' : 'artifact', platforms: [] };
}

function platformsOf({ manifests }: ImageIndex): readonly RemotePlatform[] {
  return manifests.flatMap((entry) => {
    const { platform, digest, size } = entry;
    return platform === undefined || isAttestation(entry) ? [] : [{ platform, digest, sizeBytes: size }];
  });
}

import { MEDIA_TYPES } from '../../oci/index.ts';
import { describe, type StoredBytes, storedJson, type TestImage } from './test-image.ts';
import type { TestRegistry } from './test-registry.ts';

/** What BuildKit says of how an image was made: one manifest, with a statement and a config. */
export interface TestAttestation {
  readonly subject: TestImage;
  readonly manifest: StoredBytes;
  readonly blobs: readonly StoredBytes[];
}

export function testAttestation(subject: TestImage): TestAttestation {
  const statement = storedJson('application/vnd.in-toto+json', {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://spdx.dev/Document',
    subject: [{ name: 'image', digest: { sha256: subject.manifest.digest.slice('sha256:'.length) } }],
  });
  const config = storedJson(MEDIA_TYPES.ociConfig, {
    architecture: 'unknown',
    os: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: [statement.digest] },
  });
  const manifest = storedJson(MEDIA_TYPES.ociManifest, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config: describe(config),
    layers: [
      { ...describe(statement), annotations: { 'in-toto.io/predicate-type': 'https://spdx.dev/Document' } },
    ],
  });
  return { subject, manifest, blobs: [statement, config] };
}

/** The index that BuildKit makes: the images, and behind them what speaks of each. */
export function attestedIndex(
  images: readonly TestImage[],
  attestations: readonly TestAttestation[],
): StoredBytes {
  const mediaType = MEDIA_TYPES.ociIndex;
  const manifests = [
    ...images.map(({ manifest, platform }) => ({ ...describe(manifest), platform })),
    ...attestations.map(({ manifest, subject }) => ({
      ...describe(manifest),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.digest': subject.manifest.digest,
        'vnd.docker.reference.type': 'attestation-manifest',
      },
    })),
  ];
  return storedJson(mediaType, { schemaVersion: 2, mediaType, manifests });
}

/** All of it under one tag. Answers with the index. */
export function pushAttested(
  registry: TestRegistry,
  repository: string,
  images: readonly TestImage[],
): { readonly index: StoredBytes; readonly attestations: readonly TestAttestation[] } {
  const attestations = images.map(testAttestation);
  const index = attestedIndex(images, attestations);
  for (const image of images) registry.push(repository, '1', image);
  for (const { manifest, blobs } of attestations) {
    registry.pushManifest(repository, '1', manifest);
    for (const blob of blobs) registry.pushBlob(blob);
  }
  registry.pushManifest(repository, '1', index);
  return { index, attestations };
}

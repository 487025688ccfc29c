import { familiarName, parseReference } from '../../oci/index.ts';
import type { LayerProgress, PullProgress } from '../../types/index.ts';
import type { ProgressLine } from '../streams/json-lines.ts';

const SHORT_DIGEST = 12;

/** Docker's lines of a pull, out of snapshots of it: what has changed for each layer since the one before. */
export class PullLines {
  private readonly told = new Map<string, string>();
  private begun = false;

  next(progress: PullProgress): readonly ProgressLine[] {
    if (progress.stage === 'resolving') return [];
    const heading = this.begun ? [] : [headingOf(progress.reference)];
    this.begun = true;
    if (progress.stage === 'pulling')
      return [...heading, ...progress.layers.flatMap((layer) => this.layer(layer))];
    return [...heading, ...this.ending(progress)];
  }

  private ending({
    reference,
    manifestDigest,
    upToDate,
  }: Extract<PullProgress, { stage: 'done' }>): ProgressLine[] {
    const words = upToDate ? 'Image is up to date for' : 'Downloaded newer image for';
    return [{ status: `Digest: ${manifestDigest}` }, { status: `Status: ${words} ${reference}` }];
  }

  private layer(layer: LayerProgress): readonly ProgressLine[] {
    const id = shortDigest(layer.digest);
    const before = this.told.get(layer.digest);
    const line = lineOf(layer);
    const key = JSON.stringify(line);
    if (before === key) return [];
    this.told.set(layer.digest, key);
    const isNew = before === undefined && layer.stage !== 'exists' && layer.stage !== 'waiting';
    return [...(isNew ? [{ status: 'Pulling fs layer', progressDetail: {}, id }] : []), { ...line, id }];
  }
}

export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, SHORT_DIGEST);
}

/** `Pulling from library/debian`, with the tag as its id. */
function headingOf(text: string): ProgressLine {
  const reference = parseReference(text);
  const path =
    reference.domain === 'docker.io' ? reference.path : familiarName(reference).replace(/^[^/]*\//, '');
  return { status: `Pulling from ${path}`, id: reference.tag ?? reference.digest ?? 'latest' };
}

function lineOf({ stage, downloadedBytes, unpackedBytes, sizeBytes }: LayerProgress): ProgressLine {
  switch (stage) {
    case 'waiting':
      return { status: 'Waiting', progressDetail: {} };
    case 'downloading':
      return { status: 'Downloading', progressDetail: { current: downloadedBytes, total: sizeBytes } };
    case 'verifying':
      return { status: 'Verifying Checksum', progressDetail: {} };
    case 'unpacking':
      return { status: 'Extracting', progressDetail: { current: unpackedBytes, total: sizeBytes } };
    case 'done':
      return { status: 'Pull complete', progressDetail: {} };
    case 'exists':
      return { status: 'Already exists', progressDetail: {} };
  }
}

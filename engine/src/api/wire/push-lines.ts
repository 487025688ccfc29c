import { familiarName, parseReference } from '../../oci/index.ts';
import type { PushedLayer, PushProgress } from '../../types/index.ts';
import type { ProgressLine } from '../streams/json-lines.ts';
import { shortDigest } from './pull-lines.ts';

/** Docker's lines of a push, out of snapshots of it. */
export class PushLines {
  private readonly told = new Map<string, string>();
  private begun = false;

  next(progress: PushProgress): readonly ProgressLine[] {
    const reference = parseReference(progress.reference);
    const heading = this.begun
      ? []
      : [
          {
            status: `The push refers to repository [${reference.domain}/${familiarPath(progress.reference)}]`,
          },
        ];
    this.begun = true;
    if (progress.stage === 'preparing') return heading;
    const layers = progress.layers.flatMap((layer) => this.layer(layer));
    if (progress.stage === 'pushing') return [...heading, ...layers];
    const { manifestDigest, sizeBytes } = progress;
    const tag = reference.tag ?? 'latest';
    return [
      ...heading,
      ...layers,
      { status: `${tag}: digest: ${manifestDigest} size: ${sizeBytes}` },
      { aux: { Tag: tag, Digest: manifestDigest, Size: sizeBytes } },
    ];
  }

  private layer(layer: PushedLayer): readonly ProgressLine[] {
    const line = { ...lineOf(layer), id: shortDigest(layer.digest) };
    const key = JSON.stringify(line);
    if (this.told.get(layer.digest) === key) return [];
    this.told.set(layer.digest, key);
    return [line];
  }
}

function familiarPath(text: string): string {
  const reference = parseReference(text);
  return reference.domain === 'docker.io' ? reference.path : familiarName(reference).replace(/^[^/]*\//, '');
}

function lineOf({ stage, sentBytes, sizeBytes }: PushedLayer): ProgressLine {
  switch (stage) {
    case 'waiting':
      return { status: 'Preparing', progressDetail: {} };
    case 'pushing':
      return { status: 'Pushing', progressDetail: { current: sentBytes, total: sizeBytes } };
    case 'pushed':
      return { status: 'Pushed', progressDetail: {} };
    case 'exists':
      return { status: 'Layer already exists', progressDetail: {} };
    case 'mounted':
      return { status: 'Mounted from another repository', progressDetail: {} };
  }
}

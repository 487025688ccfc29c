import { parseDigest } from '../../oci/index.ts';
import type { LayerSource, Snapshot } from '../../snapshots/index.ts';
import type * as wire from '../generated/longshore/agent/v1/snapshots.ts';

export function toWireUnpackBegin(layer: LayerSource): wire.UnpackInput {
  return {
    what: {
      $case: 'begin',
      value: {
        chainId: layer.chainId,
        parentChainId: layer.parentChainId ?? '',
        diffId: layer.diffId,
        digest: layer.digest,
        size: BigInt(layer.size),
        mediaType: layer.mediaType,
        path: layer.path,
      },
    },
  };
}

export function fromWireSnapshot(snapshot: wire.Snapshot): Snapshot {
  return {
    chainId: parseDigest(snapshot.chainId),
    parentChainId: snapshot.parentChainId === '' ? null : parseDigest(snapshot.parentChainId),
    usageBytes: Number(snapshot.usageBytes),
  };
}

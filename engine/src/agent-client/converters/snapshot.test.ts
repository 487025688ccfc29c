import { expect, it } from 'vitest';
import { digestOf } from '../../content/index.ts';
import * as wire from '../generated/longshore/agent/v1/snapshots.ts';
import { fromWireSnapshot, toWireUnpackBegin } from './snapshot.ts';

const layer = {
  chainId: digestOf('chain'),
  parentChainId: null,
  diffId: digestOf('diff'),
  digest: digestOf('blob'),
  size: 5_000_000_000,
  mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
  path: '/data/blob',
};

it('a layer to unpack goes over whole; the lowest one has an empty parent', () => {
  const bytes = wire.UnpackInput.encode(toWireUnpackBegin(layer)).finish();
  expect(wire.UnpackInput.decode(bytes).what).toEqual({
    $case: 'begin',
    value: { ...layer, parentChainId: '', size: 5_000_000_000n },
  });
});

it('a snapshot comes back with its parent, or null for the lowest one', () => {
  const snapshot = { chainId: layer.chainId, parentChainId: '', usageBytes: 7n };
  expect(fromWireSnapshot(snapshot)).toEqual({ chainId: layer.chainId, parentChainId: null, usageBytes: 7 });
  const above = { ...snapshot, parentChainId: layer.diffId };
  expect(fromWireSnapshot(above).parentChainId).toBe(layer.diffId);
});

it('a snapshot that is named by no digest is refused', () => {
  expect(() => fromWireSnapshot({ chainId: '../etc', parentChainId: '', usageBytes: 0n })).toThrow();
});

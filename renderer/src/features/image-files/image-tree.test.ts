import { describe, expect, it } from 'vitest';
import type { ImageLayerFile } from '@longshore/engine/types';
import { isFolder, nodeAt, oneLayer, wholeImage } from './image-tree.ts';

const said = (path: string, change: ImageLayerFile['change'] = 'present', sizeBytes = 1): ImageLayerFile => ({
  path,
  change,
  type: 'file',
  sizeBytes,
  mode: 0o100644,
  modifiedAt: '2026-01-01T00:00:00Z',
  uid: 0,
  gid: 0,
  linkTarget: null,
});

const pathsOf = (root: ReturnType<typeof wholeImage>): readonly string[] =>
  [...root.children.values()].flatMap((node) => [node.path, ...pathsOf(node)]);

describe('the whole image', () => {
  it('has of each path what the uppermost layer says, and who brought it', () => {
    const root = wholeImage([[said('/etc/a', 'present', 5), said('/etc/b')], [said('/etc/a', 'present', 7)]]);
    expect(nodeAt(root, '/etc/a')).toMatchObject({ layerIndex: 1, bytes: 7 });
    expect(nodeAt(root, '/etc/b')).toMatchObject({ layerIndex: 0 });
    expect(nodeAt(root, '/etc')).toMatchObject({ bytes: 8 });
  });

  it('has nothing of what a layer took away, with all that was in it', () => {
    const root = wholeImage([[said('/tmp/x/y'), said('/keep')], [said('/tmp', 'deleted')]]);
    expect(pathsOf(root)).toEqual(['/keep']);
  });

  it('keeps what the layer brings that emptied a folder, in whatever order it says so', () => {
    const root = wholeImage([[said('/srv/old')], [said('/srv/new'), said('/srv', 'emptied')]]);
    expect(pathsOf(root)).toEqual(['/srv', '/srv/new']);
  });

  it('has a file in the place of a folder', () => {
    const root = wholeImage([[said('/run/a/b')], [said('/run')]]);
    expect(pathsOf(root)).toEqual(['/run']);
    expect(isFolder(nodeAt(root, '/run') as never)).toBe(false);
  });
});

describe('one layer', () => {
  it('shows what it takes away', () => {
    const root = oneLayer([said('/etc/motd', 'deleted', 0)], 3);
    expect(nodeAt(root, '/etc/motd')?.file?.change).toBe('deleted');
    expect(isFolder(nodeAt(root, '/etc') as never)).toBe(true);
  });
});

import { posix } from 'node:path';
import { EngineError } from '../../errors/index.ts';
import type { DirectoryEntry } from '../../types/index.ts';
import { type FakeTree, isFolder, isLink } from './fake-tree.ts';

/** What is in a directory, by name. */
export function entriesIn(tree: FakeTree, path: string, modifiedAt: string): readonly DirectoryEntry[] {
  const place = tree.resolve(path, true);
  if (!isFolder(tree.get(place))) throw new EngineError('invalid-argument', `${path} is not a directory.`);
  return tree
    .below(place)
    .filter(([each]) => each !== place && posix.dirname(each) === place)
    .map(([each, node]) => ({
      name: posix.basename(each),
      type: isFolder(node) ? 'directory' : isLink(node) ? 'link' : 'file',
      sizeBytes: node.content.byteLength,
      mode: node.mode,
      modifiedAt,
      uid: node.uid,
      gid: node.gid,
      linkTarget: isLink(node) ? node.target : null,
    }));
}

/** Where something can be made: in a directory that exists, and nothing is there. */
export function freePlace(tree: FakeTree, path: string): string {
  const place = tree.resolve(path, false);
  tree.get(posix.dirname(place));
  if (tree.nodes.has(place)) throw new EngineError('already-exists', `There is something at ${path}.`);
  return place;
}

export function removePath(tree: FakeTree, path: string, recursive: boolean): void {
  const place = tree.resolve(path, false);
  if (place === '/') throw new EngineError('invalid-argument', 'The root cannot be removed.');
  tree.get(place);
  if (!recursive && tree.below(place).length > 1) {
    throw new EngineError('failed-precondition', `${path} is not empty.`);
  }
  tree.remove(place);
}

export function renamePath(tree: FakeTree, path: string, to: string): void {
  const place = tree.resolve(path, false);
  tree.get(place);
  const moved = tree.below(place);
  tree.remove(place);
  for (const [each, node] of moved) tree.nodes.set(to + each.slice(place.length), node);
}

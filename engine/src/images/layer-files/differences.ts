import type { ImageFileDifference, ImageFileState } from '../../types/index.ts';
import type { FileState, TreeNode } from './image-tree.ts';

const NOTHING: TreeNode = { state: null, children: new Map() };

/** By path, a directory before what is in it. */
export function* differences(
  before: TreeNode,
  after: TreeNode,
  path = '',
): Generator<ImageFileDifference, void, undefined> {
  const difference = between(before.state, after.state, path === '' ? '/' : path);
  if (difference !== null) yield difference;
  const names = new Set([...before.children.keys(), ...after.children.keys()]);
  for (const name of [...names].sort()) {
    const [left, right] = [before.children.get(name), after.children.get(name)];
    yield* differences(left ?? NOTHING, right ?? NOTHING, `${path}/${name}`);
  }
}

function between(
  before: FileState | null,
  after: FileState | null,
  path: string,
): ImageFileDifference | null {
  if (before === after) return null;
  const states = { before: before && shown(before), after: after && shown(after) };
  if (before === null) return { path, change: 'added', ...states };
  if (after === null) return { path, change: 'removed', ...states };
  return isSame(before, after) ? null : { path, change: 'changed', ...states };
}

function isSame(before: FileState, after: FileState): boolean {
  return (
    before.type === after.type &&
    before.sizeBytes === after.sizeBytes &&
    before.mode === after.mode &&
    before.uid === after.uid &&
    before.gid === after.gid &&
    before.linkTarget === after.linkTarget &&
    before.content === after.content
  );
}

function shown({ content: _, ...state }: FileState): ImageFileState {
  return state;
}

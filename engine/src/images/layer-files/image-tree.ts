import { createHash } from 'node:crypto';
import { EngineError } from '../../errors/index.ts';
import type { ImageFileState, ImageLayerFile } from '../../types/index.ts';
import type { ImageRecord, LayerRecord } from '../records.ts';
import type { LayerEntry } from './layer-entries.ts';

/** A path of an image: what it is, and what is below it. */
export interface TreeNode {
  /** Null: only paths below it were said. */
  state: FileState | null;
  readonly children: Map<string, TreeNode>;
}

/** One object for all images that share the layer it is from. */
export interface FileState extends ImageFileState {
  /** Of the content of a file; else empty. */
  readonly content: string;
}

interface Said {
  readonly file: ImageLayerFile;
  readonly state: FileState;
}

/** An image has some hundred thousand; beyond this it is an attack on the memory. */
const MAX_FILES = 2_000_000;

type ReadLayer = (layer: LayerRecord) => AsyncIterable<LayerEntry>;

/** The files of two images as containers of them would see them. What both have is read once. */
export async function readTrees(
  image: ImageRecord,
  other: ImageRecord,
  read: ReadLayer,
): Promise<readonly [TreeNode, TreeNode]> {
  const shared = new Set(other.layers.map(({ chainId }) => chainId));
  const trees: readonly [TreeNode, TreeNode] = [newNode(), newNode()];
  let files = 0;
  const apply = async (layer: LayerRecord, ...to: readonly TreeNode[]): Promise<void> => {
    const said: Said[] = [];
    for await (const entry of read(layer)) {
      files += 1;
      if (files > MAX_FILES) throw tooMany();
      said.push({ file: entry.file, state: await stateOf(entry) });
    }
    for (const tree of to) addLayer(tree, said);
  };
  for (const layer of image.layers) {
    await apply(layer, ...(shared.has(layer.chainId) ? trees : [trees[0]]));
  }
  const own = new Set(image.layers.map(({ chainId }) => chainId));
  for (const layer of other.layers) if (!own.has(layer.chainId)) await apply(layer, trees[1]);
  return trees;
}

async function stateOf({ file, content }: LayerEntry): Promise<FileState> {
  const { type, sizeBytes, mode, uid, gid, linkTarget } = file;
  const isLink = type === 'link';
  const state = { type, sizeBytes, mode, uid, gid, linkTarget: isLink ? linkTarget : null, content: '' };
  if (type !== 'file' || sizeBytes === 0) return state;
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return { ...state, content: hash.digest('base64') };
}

/** Deletions are of the layers below, wherever in the archive they stand (image-spec, "Whiteouts"). */
function addLayer(root: TreeNode, said: readonly Said[]): void {
  for (const { file } of said) if (file.change !== 'present') takeAway(root, file);
  for (const { file, state } of said) if (file.change === 'present') put(root, file, state);
}

function takeAway(root: TreeNode, { path, change }: ImageLayerFile): void {
  const names = namesOf(path);
  if (change === 'emptied') find(root, names)?.children.clear();
  else find(root, names.slice(0, -1))?.children.delete(names.at(-1) ?? '');
}

function put(root: TreeNode, file: ImageLayerFile, state: FileState): void {
  let node = root;
  for (const name of namesOf(file.path)) {
    const child = node.children.get(name) ?? newNode();
    node.children.set(name, child);
    node = child;
  }
  node.state = file.type === 'file' && file.linkTarget !== null ? firstOf(root, file, state) : state;
  if (state.type !== 'directory') node.children.clear();
}

/** Of a further name of a file: what the first one is. */
function firstOf(root: TreeNode, { linkTarget }: ImageLayerFile, state: FileState): FileState {
  return find(root, namesOf(linkTarget ?? ''))?.state ?? state;
}

function find(root: TreeNode, names: readonly string[]): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const name of names) node = node?.children.get(name);
  return node;
}

function namesOf(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '');
}

function newNode(): TreeNode {
  return { state: null, children: new Map() };
}

function tooMany(): EngineError {
  return new EngineError(
    'failed-precondition',
    `The images have more than ${MAX_FILES} files: they cannot be compared.`,
    { detail: { step: 'diff' }, hint: 'Look at their layers one by one: longshore image files IMAGE.' },
  );
}

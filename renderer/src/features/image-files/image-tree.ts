import type { ImageLayerFile } from '@longshore/engine/types';

/** A path of an image, or of one of its layers. */
export interface ImageNode {
  readonly name: string;
  readonly path: string;
  /** Undefined of a folder that no archive mentions, only what is in it. */
  readonly file: ImageLayerFile | undefined;
  /** Of the layer that it is from; 0 is the lowest. */
  readonly layerIndex: number;
  readonly children: ReadonlyMap<string, ImageNode>;
  /** Of the file, or of all that is in the folder. */
  readonly bytes: number;
}

interface Node {
  readonly name: string;
  readonly path: string;
  file: ImageLayerFile | undefined;
  layerIndex: number;
  readonly children: Map<string, Node>;
  bytes: number;
}

/** What a container of the image sees: the layers one upon the other, the lowest first. */
export function wholeImage(layers: readonly (readonly ImageLayerFile[])[]): ImageNode {
  const root = newNode('', '/', 0);
  layers.forEach((files, layerIndex) => {
    // What a layer takes away is of those below it, never its own.
    for (const file of files) {
      if (file.change === 'deleted') remove(root, file.path);
      else if (file.change === 'emptied') find(root, file.path)?.children.clear();
    }
    for (const file of files) if (file.change === 'present') put(root, file, layerIndex);
  });
  measure(root);
  return root;
}

/** What one layer says, with what it takes away. */
export function oneLayer(files: readonly ImageLayerFile[], layerIndex: number): ImageNode {
  const root = newNode('', '/', layerIndex);
  for (const file of files) put(root, file, layerIndex);
  measure(root);
  return root;
}

export function nodeAt(root: ImageNode, path: string): ImageNode | undefined {
  let node: ImageNode | undefined = root;
  for (const name of namesOf(path)) node = node?.children.get(name);
  return node;
}

export function isFolder({ file, children }: ImageNode): boolean {
  return file === undefined || file.type === 'directory' || children.size > 0;
}

function newNode(name: string, path: string, layerIndex: number): Node {
  return { name, path, file: undefined, layerIndex, children: new Map(), bytes: 0 };
}

function namesOf(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '');
}

function put(root: Node, file: ImageLayerFile, layerIndex: number): void {
  let node = root;
  for (const name of namesOf(file.path)) {
    let next = node.children.get(name);
    if (next === undefined) {
      next = newNode(name, `${node === root ? '' : node.path}/${name}`, layerIndex);
      node.children.set(name, next);
    }
    node = next;
  }
  if (file.change === 'present' && file.type !== 'directory') node.children.clear();
  node.file = file;
  node.layerIndex = layerIndex;
}

function find(root: Node, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of namesOf(path)) node = node?.children.get(name);
  return node;
}

function remove(root: Node, path: string): void {
  const names = namesOf(path);
  const last = names.at(-1);
  if (last === undefined) return;
  find(root, names.slice(0, -1).join('/'))?.children.delete(last);
}

function measure(node: Node): number {
  node.bytes = node.file?.change === 'present' && node.file.type === 'file' ? node.file.sizeBytes : 0;
  for (const child of node.children.values()) node.bytes += measure(child);
  return node.bytes;
}

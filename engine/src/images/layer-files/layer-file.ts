import type { FileType, ImageLayerFile } from '../../types/index.ts';

/** Of an entry in a layer's tar stream, as tar-stream has it. */
export interface LayerHeader {
  readonly name: string;
  readonly type: string | null;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: Date;
  readonly linkname: string | null;
}

/** image-spec, "Whiteouts": a file of this name says that another is gone. */
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** The kinds of tar with those of stat(2); a further name of a file is a file. */
const KINDS: Readonly<Record<string, readonly [type: FileType, bits: number]>> = {
  file: ['file', 0o100000],
  'contiguous-file': ['file', 0o100000],
  link: ['file', 0o100000],
  symlink: ['link', 0o120000],
  directory: ['directory', 0o040000],
  fifo: ['fifo', 0o010000],
  'character-device': ['character-device', 0o020000],
  'block-device': ['block-device', 0o060000],
};

export function toLayerFile(header: LayerHeader): ImageLayerFile {
  const { type, mode, uid, gid, size, mtime, linkname } = header;
  const { path, change } = whatItSays(pathOf(header.name));
  const [kind, bits] = (change === 'present' ? KINDS[type ?? ''] : undefined) ?? ['unknown', 0];
  const link = linkname ?? '';
  return {
    path,
    change,
    type: change === 'emptied' ? 'directory' : kind,
    sizeBytes: change === 'present' ? size : 0,
    mode: change === 'present' ? bits | mode : 0,
    modifiedAt: mtime.toISOString(),
    uid,
    gid,
    linkTarget: type === 'symlink' ? link : type === 'link' ? pathOf(link) : null,
  };
}

/** Whether what a layer says of one path is about another path too: of itself, or of what is below. */
export function concerns({ path, change }: ImageLayerFile, wanted: string): boolean {
  const isBelow = wanted.startsWith(path === '/' ? '/' : `${path}/`) && wanted !== path;
  if (change === 'emptied') return isBelow;
  return path === wanted || (change === 'deleted' && isBelow);
}

/** Absolute, whatever it is written like. */
export function pathOf(name: string): string {
  return `/${name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`;
}

function whatItSays(path: string): Pick<ImageLayerFile, 'path' | 'change'> {
  const slash = path.lastIndexOf('/');
  const [directory, name] = [path.slice(0, slash), path.slice(slash + 1)];
  if (name === OPAQUE) return { path: directory === '' ? '/' : directory, change: 'emptied' };
  if (!name.startsWith(WHITEOUT)) return { path, change: 'present' };
  return { path: `${directory}/${name.slice(WHITEOUT.length)}`, change: 'deleted' };
}

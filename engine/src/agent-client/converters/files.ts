import type { ContainerTarget, FilesTarget } from '../../runtime/index.ts';
import type { ArchivePiece, DirectoryEntry, FileChange, FileType, PathStat } from '../../types/index.ts';
import * as wire from '../generated/longshore/agent/v1/files.ts';
import { isoFromUnixNs } from './time.ts';

type WireTarget = wire.ChangesRequest;

const CHANGE_KINDS: ReadonlyMap<wire.ChangeKind, FileChange['kind']> = new Map([
  [wire.ChangeKind.CHANGE_KIND_MODIFIED, 'modified'],
  [wire.ChangeKind.CHANGE_KIND_ADDED, 'added'],
  [wire.ChangeKind.CHANGE_KIND_DELETED, 'deleted'],
]);

const S_IFMT = 0o170000;

/** As in stat(2). */
const FILE_TYPES: ReadonlyMap<number, FileType> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'link'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
  [0o020000, 'character-device'],
  [0o060000, 'block-device'],
]);

export function toWireTarget({ id, rootfs }: ContainerTarget): WireTarget {
  return { id, rootfs: { chainIds: [...rootfs.chainIds], readOnly: rootfs.readOnly } };
}

export function toWireFiles(target: FilesTarget): WireTarget & { readonly volume: string } {
  if ('volume' in target) return { id: '', rootfs: undefined, volume: target.volume };
  return { ...toWireTarget(target), volume: '' };
}

export function fromWireDirectory({ entries }: wire.DirectoryBatch): readonly DirectoryEntry[] {
  return entries.map((entry) => ({
    name: entry.name,
    type: FILE_TYPES.get(entry.mode & S_IFMT) ?? 'unknown',
    sizeBytes: Number(entry.size),
    mode: entry.mode,
    modifiedAt: isoFromUnixNs(entry.modifiedAtUnixNs),
    uid: entry.uid,
    gid: entry.gid,
    linkTarget: (entry.mode & S_IFMT) === 0o120000 ? entry.linkTarget : null,
  }));
}

/** Changes of a kind that this engine does not know yet are left out. */
export function fromWireChanges({ changes }: wire.ChangesBatch): readonly FileChange[] {
  return changes.flatMap(({ path, kind }) => {
    const known = CHANGE_KINDS.get(kind);
    return known === undefined ? [] : [{ path, kind: known }];
  });
}

export function fromWireStat(stat: wire.PathStat): PathStat {
  return {
    name: stat.name,
    sizeBytes: Number(stat.size),
    mode: stat.mode,
    modifiedAt: isoFromUnixNs(stat.modifiedAtUnixNs),
    linkTarget: stat.linkTarget === '' ? null : stat.linkTarget,
  };
}

/** Null for a message that this engine does not know yet. */
export function fromWireArchive({ what }: wire.ReadArchiveResponse): ArchivePiece | null {
  switch (what?.$case) {
    case 'stat':
      return { kind: 'stat', stat: fromWireStat(what.value) };
    case 'data':
      return { kind: 'data', data: what.value };
    case undefined:
      return null;
  }
}

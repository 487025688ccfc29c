import type { FilesTarget } from '../../runtime/index.ts';
import type { ArchivePiece, FileChange, PathStat } from '../../types/index.ts';
import * as wire from '../generated/longshore/agent/v1/files.ts';
import { isoFromUnixNs } from './time.ts';

type WireTarget = wire.ChangesRequest;

const CHANGE_KINDS: ReadonlyMap<wire.ChangeKind, FileChange['kind']> = new Map([
  [wire.ChangeKind.CHANGE_KIND_MODIFIED, 'modified'],
  [wire.ChangeKind.CHANGE_KIND_ADDED, 'added'],
  [wire.ChangeKind.CHANGE_KIND_DELETED, 'deleted'],
]);

export function toWireTarget({ id, rootfs }: FilesTarget): WireTarget {
  return { id, rootfs: { chainIds: [...rootfs.chainIds], readOnly: rootfs.readOnly } };
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

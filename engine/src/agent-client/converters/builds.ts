import type { FilesTarget, WalkedFile } from '../../runtime/index.ts';
import type * as wire from '../generated/longshore/agent/v1/builds.ts';
import { toWireFiles } from './files.ts';

export function fromWireWalked(file: wire.WalkedFile): WalkedFile {
  const { path, mode, uid, gid, linkTarget } = file;
  const digest = Buffer.from(file.digest).toString('hex');
  return { path, mode, uid, gid, size: Number(file.size), linkTarget, digest };
}

export function toWireCopy(
  from: readonly string[],
  to: FilesTarget,
  owner: string | null,
): wire.CopyFilesBegin {
  return {
    ...toWireFiles(to),
    from: { chainIds: [...from], readOnly: true },
    user: owner ?? '',
    changeOwner: owner !== null,
  };
}

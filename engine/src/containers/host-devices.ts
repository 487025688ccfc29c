import { type BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { EngineError } from '../errors/index.ts';
import { errnoOf } from '../metadata/index.ts';
import type { OciDevice } from '../runtime/index.ts';

/** More than any /dev has; a folder that is deeper is none of devices. */
const MAX_DEVICES = 4096;
const MAX_DEPTH = 8;

/** What each container has of its own, or what belongs to the host's terminals. */
const NEVER: readonly string[] = ['pts', 'shm', 'mqueue', 'fd', 'console', 'ptmx'];

/** The device at a path, or all devices below it if it is a folder, as nodes at `containerPath`. */
export async function devicesAt(hostPath: string, containerPath: string): Promise<readonly OciDevice[]> {
  const stats = await statDevice(hostPath);
  if (stats.isDirectory()) {
    const found: OciDevice[] = [];
    await collect(hostPath, containerPath, MAX_DEPTH, found);
    return found;
  }
  const device = toDevice(containerPath, stats);
  if (device !== null) return [device];
  throw new EngineError('failed-precondition', `${hostPath} is not a device.`, {
    detail: { step: 'devices', path: hostPath },
  });
}

/** The one block device at a path. */
export async function blockDeviceAt(
  path: string,
): Promise<{ readonly major: number; readonly minor: number }> {
  const device = toDevice(path, await statDevice(path));
  if (device?.type === 'b') return { major: device.major, minor: device.minor };
  throw new EngineError('failed-precondition', `${path} is not a block device.`, {
    detail: { step: 'devices', path },
  });
}

async function statDevice(path: string): Promise<BigIntStats> {
  try {
    return await stat(path, { bigint: true });
  } catch (thrown) {
    throw new EngineError('failed-precondition', `There is no device ${path} on this machine.`, {
      detail: { step: 'devices', errno: errnoOf(thrown) ?? 'EIO', path },
    });
  }
}

async function collect(from: string, to: string, depth: number, found: OciDevice[]): Promise<void> {
  if (depth === 0) return;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (found.length >= MAX_DEVICES) return;
    if (NEVER.includes(entry.name)) continue;
    const [source, target] = [posix.join(from, entry.name), posix.join(to, entry.name)];
    if (entry.isDirectory()) await collect(source, target, depth - 1, found);
    if (!entry.isBlockDevice() && !entry.isCharacterDevice()) continue;
    // It may have been unplugged since.
    const device = await stat(source, { bigint: true }).then(
      (stats) => toDevice(target, stats),
      () => null,
    );
    if (device !== null) found.push(device);
  }
}

function toDevice(path: string, stats: BigIntStats): OciDevice | null {
  if (!stats.isBlockDevice() && !stats.isCharacterDevice()) return null;
  const { rdev } = stats;
  return {
    path,
    type: stats.isBlockDevice() ? 'b' : 'c',
    // makedev(3): twelve bits of the major and eight of the minor number lie low, the others above them.
    major: Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn)),
    minor: Number((rdev & 0xffn) | ((rdev >> 12n) & ~0xffn)),
    fileMode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
  };
}

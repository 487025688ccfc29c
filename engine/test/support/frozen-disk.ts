import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A small file system of its own. While it is frozen (fsfreeze(8)) whoever writes to it waits in the kernel, in state D,
 * and not even SIGKILL ends it.
 */
export class FrozenDisk implements AsyncDisposable {
  /** Where it is mounted. */
  readonly folder: string;
  private readonly around: string;
  private frozen = false;

  static async make(): Promise<FrozenDisk> {
    const around = await mkdtemp('/var/tmp/longshore-disk-');
    const disk = new FrozenDisk(around);
    const file = join(around, 'ext4');
    await mkdir(disk.folder);
    await run('truncate', ['-s', '16M', file]);
    await run('mkfs.ext4', ['-q', file]);
    await run('mount', ['-o', 'loop', file, disk.folder]);
    return disk;
  }

  private constructor(around: string) {
    this.around = around;
    this.folder = join(around, 'mounted');
  }

  async freeze(): Promise<void> {
    await run('fsfreeze', ['--freeze', this.folder]);
    this.frozen = true;
  }

  async thaw(): Promise<void> {
    if (this.frozen) await run('fsfreeze', ['--unfreeze', this.folder]);
    this.frozen = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.thaw();
    await run('umount', [this.folder]);
    await rm(this.around, { recursive: true });
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { busyboxImage } from '../fixtures/images.ts';

/** A network namespace for another engine, and a folder: this machine's rules and links are not touched. */
export class OwnMachine implements AsyncDisposable {
  readonly folder: string;
  /** What stands before a command so that it runs there. */
  readonly within: readonly string[];
  private readonly end: () => Promise<void>;

  static async make(name: string): Promise<OwnMachine> {
    const script = 'ip link set lo up && echo ready && exec sleep infinity';
    const holder = spawn('unshare', ['--net', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    const folder = await mkdtemp(path.join(os.tmpdir(), `longshore-${name}-`));
    return new OwnMachine(folder, holder.pid ?? 0, async () => {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      await rm(folder, { recursive: true, force: true });
    });
  }

  private constructor(folder: string, pid: number, end: () => Promise<void>) {
    this.folder = folder;
    this.within = ['nsenter', '--net', '--target', String(pid)];
    this.end = end;
  }

  /** The files of an image of busybox, for `import`; its programs are in /bin. */
  async busyboxArchive(): Promise<string> {
    const [layer] = (await busyboxImage()).layers;
    const archive = path.join(this.folder, 'busybox.tar');
    await writeFile(archive, gunzipSync(layer ?? Buffer.alloc(0)));
    return archive;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}

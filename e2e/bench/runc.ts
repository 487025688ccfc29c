import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestImage } from '../fixtures/images.ts';
import { command, detached } from './command.ts';
import { measure, type Timing } from './measure.ts';

interface RuncSpec {
  process: { terminal: boolean; args: string[] };
}

/** runc on a ready bundle: no image, no network of its own, no log. The floor that an engine on runc stands on. */
export class RuncBench implements AsyncDisposable {
  private readonly folder: string;
  private count = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(image: TestImage): Promise<RuncBench> {
    const bench = new RuncBench(await mkdtemp(path.join(os.tmpdir(), 'longshore-runc-')));
    const rootfs = path.join(bench.folder, 'rootfs');
    await mkdir(rootfs);
    for (const [index, layer] of image.layers.entries()) {
      const archive = path.join(bench.folder, `layer-${index}.tar.gz`);
      await writeFile(archive, layer);
      await command('tar', ['-xzf', archive, '-C', rootfs]);
    }
    await command('runc', ['spec'], bench.folder);
    return bench;
  }

  async life(rounds: number): Promise<Timing> {
    await this.setCommand(['/bin/true']);
    return measure(rounds, () => command('runc', ['run', this.nextName()], this.folder));
  }

  async exec(rounds: number): Promise<Timing> {
    await this.setCommand(['/bin/sleep', '1000']);
    const name = this.nextName();
    // A container that is created keeps its standard streams: a pipe to us would never end.
    await detached('runc', ['create', name], this.folder);
    await command('runc', ['start', name]);
    const timing = await measure(rounds, () => command('runc', ['exec', name, '/bin/true']));
    await command('runc', ['delete', '--force', name]);
    return timing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private nextName(): string {
    this.count += 1;
    return `longshore-bench-${process.pid}-${this.count}`;
  }

  private async setCommand(args: string[]): Promise<void> {
    const file = path.join(this.folder, 'config.json');
    const spec = JSON.parse(await readFile(file, 'utf8')) as RuncSpec;
    spec.process.terminal = false;
    spec.process.args = args;
    await writeFile(file, JSON.stringify(spec));
  }
}

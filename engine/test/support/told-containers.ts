import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { ContainerDetails } from '../../src/types/index.ts';
import { type HasClient, RealContainers, type Settings } from './real-containers.ts';

/** Containers that wait until they are told to go on: each has the same folder of the test's as /data. */
export class ToldContainers implements AsyncDisposable {
  readonly folder: string;
  readonly containers: RealContainers;
  private readonly engine: HasClient;

  static async on(engine: HasClient): Promise<ToldContainers> {
    const { id } = await engine.client.images.installStarter({ name: 'busybox' });
    return new ToldContainers(engine, id, await mkdtemp('/var/tmp/longshore-told-'));
  }

  private constructor(engine: HasClient, image: string, folder: string) {
    this.engine = engine;
    this.containers = new RealContainers(engine, image);
    this.folder = folder;
  }

  run(script: string, settings: Settings = {}): Promise<ContainerDetails> {
    const mounts = [{ type: 'bind' as const, source: this.folder, target: '/data' }];
    return this.containers.run(['sh', '-c', script], { mounts, ...settings });
  }

  /** For a script: waits for `tell` of the same name. */
  until(name: string): string {
    return `until [ -e /data/${name} ]; do sleep 0.01; done`;
  }

  async tell(name: string): Promise<void> {
    await writeFile(join(this.folder, name), '');
  }

  /** Resolves when a container has made this file in /data. */
  async heardOf(name: string): Promise<void> {
    await vi.waitUntil(() => existsSync(join(this.folder, name)), { timeout: 30_000 });
  }

  /** What it writes, until its end. */
  async *bytesOf(container: string): AsyncGenerator<Uint8Array, undefined> {
    for await (const { records } of this.engine.client.containers.logs({ container, follow: true })) {
      for (const { data } of records) yield data;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

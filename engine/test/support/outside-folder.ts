import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';

/** A folder of the host that no build may touch: with a secret, an empty file and an empty folder. */
export class OutsideFolder {
  /** The secret's content. */
  readonly marker = `marker-${randomBytes(12).toString('hex')}`;
  private folder = '';

  /** To be called where tests are described: each has one of its own, which is looked at afterwards. */
  static use(): OutsideFolder {
    const outside = new OutsideFolder();
    beforeEach(() => outside.create());
    afterEach(() => outside.check());
    return outside;
  }

  get path(): string {
    return this.folder;
  }

  private async create(): Promise<void> {
    this.folder = await mkdtemp('/var/tmp/longshore-outside-');
    await writeFile(join(this.folder, 'secret'), this.marker);
    await writeFile(join(this.folder, 'empty'), '');
    await mkdir(join(this.folder, 'folder'));
  }

  private async check(): Promise<void> {
    const { folder } = this;
    try {
      expect((await readdir(folder)).sort(), 'the host is as it was').toEqual(['empty', 'folder', 'secret']);
      expect(await readFile(join(folder, 'secret'), 'utf8')).toBe(this.marker);
      expect(await readdir(join(folder, 'folder'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

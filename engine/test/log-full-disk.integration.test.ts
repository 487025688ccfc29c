import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { ToldContainers } from './support/told-containers.ts';

const run = promisify(execFile);
/** Lines of eleven bytes. */
const WRITTEN = 1_100_000;

describeReal('a log on a full disk', () => {
  let disk: string;
  let engine: RealEngine;
  let told: ToldContainers;

  beforeEach(async () => {
    disk = await mkdtemp('/var/tmp/longshore-disk-');
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'longshore-test', disk]);
    engine = await RealEngine.prepare(disk);
    await engine.start();
    told = await ToldContainers.on(engine);
  });
  afterEach(async () => {
    await engine[Symbol.asyncDispose]();
    await told[Symbol.asyncDispose]();
    await run('umount', [disk]);
    await rm(disk, { recursive: true });
  });

  /** Leaves no byte free. */
  async function fill(file: string): Promise<void> {
    for (let size = 1024 * 1024; size > 0; size = size > 4096 ? 4096 : 0) {
      await expect(
        (async () => {
          for (;;) await appendFile(file, Buffer.alloc(size));
        })(),
      ).rejects.toMatchObject({ code: 'ENOSPC' });
    }
  }

  it('holds up neither the container nor its reader, and tells what is missing', async () => {
    const many = `yes 0123456789 | head -c ${WRITTEN}; touch /data/written`;
    const { id } = await told.run(
      `echo before; ${told.until('full')}; ${many}; ${told.until('free')}; echo after; exit 3`,
    );
    const reading = told.containers.log(id);
    const ballast = join(disk, 'ballast');
    await fill(ballast);
    await told.tell('full');
    await told.heardOf('written');
    await rm(ballast);
    await told.tell('free');
    const [, kept = '', lost] =
      /^before\n([0-9\n]*)\[(\d+) bytes lost: no space left\]\nafter\n$/.exec(await reading) ?? [];
    expect(kept.length + Number(lost)).toBe(WRITTEN);
    expect(Number(lost)).toBeGreaterThan(WRITTEN / 2);
    expect(await engine.client.containers.wait({ container: id })).toMatchObject({ code: 3 });
  });
});

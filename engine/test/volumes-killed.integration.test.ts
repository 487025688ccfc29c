import { createHash, randomBytes, randomInt } from 'node:crypto';
import * as tar from 'tar-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeReal, ended, RealEngine } from './real-agent.ts';
import { RealContainers } from './support/real-containers.ts';

/** Of each of the four; LONGSHORE_KILLS says how many. */
const ROUNDS = Number(process.env['LONGSHORE_KILLS'] ?? 10);
/** A round takes a second or two. */
const patience = { timeout: 60_000 + ROUNDS * 10_000 };
/** Longer than each of them takes, so that the blow falls before, within and after. */
const LONGEST_MS = 60;
const SMALL_FILES = 300;

const ABSENT = 'absent';
const EMPTY = 'empty';

describeReal('SIGKILL of the agent while volumes get their data', () => {
  let engine: RealEngine;
  let archive: Buffer;
  let image: string;
  /** Digests of the archives of a volume that has all data: imported, and filled from the image. */
  let whole: string;
  let filled: string;

  const digestOf = async (volume: string): Promise<string> => {
    const hash = createHash('sha256');
    for await (const piece of engine.client.volumes.export({ volume })) hash.update(piece);
    return hash.digest('hex');
  };
  const importAs = async (name: string): Promise<void> => {
    const call = engine.client.volumes.import({ name });
    const bring = async (): Promise<void> => {
      for (let at = 0; at < archive.byteLength; at += 65_536) {
        await call.send(new Uint8Array(archive.subarray(at, at + 65_536)));
      }
      call.end();
    };
    bring().catch(() => undefined);
    for await (const _ of call);
  };
  const create = (volume: string) =>
    engine.client.containers.create({
      image,
      network: 'none',
      mounts: [{ type: 'volume', source: volume, target: '/data' }],
    });

  beforeAll(async () => {
    engine = await RealEngine.open();
    archive = await makeArchive();
    await importAs('whole');
    whole = await digestOf('whole');
    image = await imageWithData(engine);
    const { id } = await create('filled');
    await engine.client.containers.remove({ container: id });
    filled = await digestOf('filled');
  }, 120_000);
  afterAll(() => engine[Symbol.asyncDispose]());

  /** Asked for again: the engine before may have begun to start one when it was closed. */
  async function agentStatus(): Promise<string> {
    await engine.client.system.startAgent({}).catch(() => undefined);
    return (await engine.client.system.info({})).agent.status;
  }

  /** How the work ended, with the agent killed at some moment of it. */
  async function killedDuring(work: () => Promise<unknown>): Promise<boolean> {
    const pid = await engine.agentPid();
    const begun = work().then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => setTimeout(resolve, randomInt(LONGEST_MS)));
    process.kill(pid, 'SIGKILL');
    await ended(pid);
    const succeeded = await begun;
    // A new engine, which takes over what the new agent finds, and makes no pause for all these deaths.
    await engine.stop();
    await engine.start();
    await expect.poll(agentStatus, { timeout: 30_000 }).toBe('running');
    return succeeded;
  }

  async function stateOf(volume: string): Promise<string> {
    const found = await engine.client.volumes.list({ filters: { name: [volume] } });
    if (found.length === 0) return ABSENT;
    const names: string[] = [];
    for await (const batch of engine.client.volumes.listDirectory({ volume, path: '/' })) {
      names.push(...batch.map(({ name }) => name));
    }
    return names.length === 0 ? EMPTY : digestOf(volume);
  }

  it('leaves imported volumes whole or not there', patience, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const volume = `imported-${round}`;
      const succeeded = await killedDuring(() => importAs(volume));
      expect(succeeded ? [whole] : [ABSENT, whole]).toContain(await stateOf(volume));
    }
  });

  it('leaves clones whole or not there, and what they are made from as it was', patience, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `cloned-${round}`;
      const succeeded = await killedDuring(() => engine.client.volumes.clone({ volume: 'whole', name }));
      expect(succeeded ? [whole] : [ABSENT, whole]).toContain(await stateOf(name));
      expect(await stateOf('whole')).toBe(whole);
    }
  });

  it('leaves volumes filled from an image wholly or not at all', patience, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const volume = `filled-${round}`;
      const succeeded = await killedDuring(() => create(volume));
      expect(succeeded ? [filled] : [ABSENT, EMPTY, filled]).toContain(await stateOf(volume));
      await create(volume);
      expect(await stateOf(volume)).toBe(filled);
    }
  });

  it('ends exports with an error or whole, and harms nothing', patience, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      let digest = '';
      const succeeded = await killedDuring(async () => {
        digest = await digestOf('whole');
      });
      if (succeeded) expect(digest).toBe(whole);
      expect(await stateOf('whole')).toBe(whole);
    }
  });
});

async function makeArchive(): Promise<Buffer> {
  const pack = tar.pack();
  const pieces: Buffer[] = [];
  const reading = (async () => {
    for await (const piece of pack as AsyncIterable<Buffer>) pieces.push(piece);
  })();
  pack.entry({ name: './', type: 'directory', mode: 0o1777, uid: 7, gid: 8, mtime: new Date(1e12) });
  pack.entry({ name: 'many/', type: 'directory', mtime: new Date(1e12) });
  for (let index = 0; index < SMALL_FILES; index += 1) {
    pack.entry({ name: `many/${index}`, mtime: new Date(1e12) }, randomBytes(100));
  }
  pack.entry({ name: 'great', mtime: new Date(1e12) }, randomBytes(4 * 1024 * 1024));
  pack.finalize();
  await reading;
  return Buffer.concat(pieces);
}

/** One that has the content of the volume `whole` at /data. */
async function imageWithData(engine: RealEngine): Promise<string> {
  const { id } = await engine.client.images.installStarter({ name: 'busybox' });
  const containers = new RealContainers(engine, id);
  const made = await containers.run(['sh', '-c', 'mkdir /data && cp -a /from/. /data/'], {
    network: 'none',
    mounts: [{ type: 'volume', source: 'whole', target: '/from', readOnly: true }],
  });
  const exit = await engine.client.containers.wait({ container: made.id });
  expect(exit.code).toBe(0);
  const image = await engine.client.containers.commit({ container: made.id, pause: false });
  await containers.remove(made.id);
  return image.id;
}

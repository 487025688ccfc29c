import { expect, test } from '@playwright/test';
import { ApiClient, Crowd, footprint, startTalkers } from '../fixtures/api-crowd.ts';
import { ClientEngine } from './docker-clients/client-engine.ts';

/** Many watch at once, and go: the engine keeps nothing of them. `npm run bench -- api` does the same for minutes. */

const CROWD = 20;
const ROUNDS = 5;

let engine: ClientEngine;

test.beforeAll(async () => {
  engine = await ClientEngine.start();
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

test('crowds of clients that come and go leave no descriptors, and no listeners', async () => {
  const client = new ApiClient(engine.socketPath);
  await engine.docker('pull', '-q', engine.images.busybox);
  const talkers = await startTalkers(client, engine.images.busybox, 2);
  const round = async () => {
    using crowd = await Crowd.gather(client, CROWD, talkers);
    // Something for those who watch events; what is attached sees the command's line, and so does the log.
    const renamed = async (name: string) => {
      await client.ask('POST', `/containers/${talkers[0] ?? ''}/rename?name=${name}`);
      return crowd.silent;
    };
    await renamed('renamed');
    await expect.poll(() => renamed(`renamed-${Date.now()}`)).toBe(0);
    expect(crowd.gone).toBe(0);
  };
  // The first has what is loaded once.
  await round();
  const { descriptors } = footprint(engine.pid);
  for (let index = 0; index < ROUNDS; index++) await round();
  await expect.poll(() => footprint(engine.pid).descriptors).toBeLessThanOrEqual(descriptors);
  // Node warns of a signal or an emitter with more listeners than it should have.
  expect(engine.complaints).toBe('');
});

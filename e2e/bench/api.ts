import { setTimeout as delay } from 'node:timers/promises';
import { ClientEngine } from '../cli/docker-clients/client-engine.ts';
import { ApiClient, Crowd, type Footprint, footprint, startTalkers } from '../fixtures/api-crowd.ts';
import { median } from './measure.ts';

const CONTAINERS = 1000;
const TALKERS = 5;
const CROWD = 200;
const SECONDS = 120;
/** As many as a person's script would create at once. */
const AT_ONCE = 8;
const QUESTIONS = 200;

/** The Docker API of `longshore serve`: lists of a thousand containers, and a crowd of clients for two minutes. */
export async function benchApi(): Promise<void> {
  await using engine = await ClientEngine.start();
  const client = new ApiClient(engine.socketPath);
  const image = engine.images.busybox;
  await engine.docker('pull', '-q', image);
  const talkers = await startTalkers(client, image, TALKERS);
  const ids = await createMany(client, image);
  console.log(`The Docker API with ${CONTAINERS + TALKERS} containers, ${TALKERS} of them running`);
  await report('list of all', () => client.ask('GET', '/containers/json?all=1'));
  await report('list by a label', () => client.ask('GET', `/containers/json?all=1&filters=${ONE_LABEL}`));
  await report('inspect of one', (round) => client.ask('GET', `/containers/${ids[round] ?? ''}/json`));
  await watchCrowd(client, engine, talkers);
}

const ONE_LABEL = encodeURIComponent(JSON.stringify({ label: ['number=7'] }));

async function createMany(client: ApiClient, image: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < CONTAINERS; number = next++) {
      const body = { Image: image, Labels: { number: String(number) } };
      ids.push((await client.ask<{ readonly Id: string }>('POST', '/containers/create', body)).Id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return ids;
}

async function report(what: string, ask: (round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < QUESTIONS; round++) {
    const begun = performance.now();
    await ask(round);
    times.push(performance.now() - begun);
  }
  const p99 = times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN;
  console.log(`  ${what.padEnd(18)} median ${median(times).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
}

async function watchCrowd(
  client: ApiClient,
  engine: ClientEngine,
  talkers: readonly string[],
): Promise<void> {
  const before = footprint(engine.pid);
  let during: Footprint;
  {
    using crowd = await Crowd.gather(client, CROWD, talkers);
    for (let second = 0; second < SECONDS; second += 10) {
      await delay(10_000);
      await client.ask('POST', `/containers/${talkers[0] ?? ''}/rename?name=talker-at-${second}`);
    }
    during = footprint(engine.pid);
    console.log(`  ${CROWD} clients for ${SECONDS} s: ${crowd.silent} silent, ${crowd.gone} cut off`);
  }
  await delay(5000);
  const show = ({ residentKiB, descriptors }: Footprint) =>
    `${(residentKiB / 1024).toFixed(0)} MiB, ${descriptors} descriptors`;
  console.log(`  before ${show(before)}; at their end ${show(during)}; after ${show(footprint(engine.pid))}`);
  if (engine.complaints !== '') console.log(`  the engine said: ${engine.complaints}`);
}

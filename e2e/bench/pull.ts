import { startRegistry } from '../fixtures/registry.ts';
import { command } from './command.ts';
import { type ImagePlan, pullImage } from './pull-images.ts';
import { LongshorePuller } from './pull-longshore.ts';
import { peers } from './pull-peers.ts';
import { formatPulls, type PullRound, type PullScene } from './pull-report.ts';
import type { Puller } from './puller.ts';

/** Each takes seconds, and varies less than what takes milliseconds. */
const MOST_ROUNDS = 3;
const MB = 1_000_000;

/** One layer is most of it, as in most real images. */
const LARGE: ImagePlan = {
  name: 'large',
  files: 40_000,
  bytes: 1000 * MB,
  layers: [0.1, 0.7, 0.15, 0.05],
  offset: 0,
};
const DEEP: ImagePlan = {
  name: 'deep',
  files: 4_000,
  bytes: 100 * MB,
  layers: Array.from({ length: 20 }, () => 0.05),
  offset: 40_000,
};
const CROWD: readonly ImagePlan[] = [1, 2, 3, 4, 5].map((number) => ({
  name: `crowd-${number}`,
  files: 4_000,
  bytes: 100 * MB,
  layers: [0.6, 0.3, 0.1],
  offset: 20_000 * number,
}));

const SCENES: readonly { readonly what: string; readonly plans: readonly ImagePlan[] }[] = [
  { what: '1 GB, 40,000 files, 4 layers', plans: [LARGE] },
  { what: '100 MB, 4,000 files, 20 layers', plans: [DEEP] },
  { what: '5 images of 100 MB at once', plans: CROWD },
];

/** Pulls from one registry on this machine, each time as if for the first time. */
export async function benchPulls(rounds: number): Promise<void> {
  await using registry = await startRegistry();
  for (const plan of SCENES.flatMap(({ plans }) => plans)) {
    await registry.push(await pullImage(plan), plan.name, 'latest');
  }
  const pullers: Puller[] = [];
  try {
    for (const start of [LongshorePuller.start, ...peers]) {
      const puller = await start();
      if (puller !== undefined) pullers.push(puller);
    }
    const scenes: PullScene[] = [];
    for (const { what, plans } of SCENES) {
      const images = plans.map(({ name }) => `${registry.host}/${name}:latest`);
      scenes.push({ what, pullers: await pullInTurns(pullers, images, Math.min(rounds, MOST_ROUNDS)) });
    }
    console.log(`\nPulls\n\n${formatPulls(scenes)}`);
  } finally {
    for (const puller of pullers) await puller[Symbol.asyncDispose]();
  }
}

/** Round by round, so that whatever else the machine does meets all of them alike. */
async function pullInTurns(
  pullers: readonly Puller[],
  images: readonly string[],
  rounds: number,
): Promise<PullScene['pullers']> {
  const measured = pullers.map(({ name }) => ({ name, rounds: [] as PullRound[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, puller] of pullers.entries())
      measured[index]?.rounds.push(await pullOnce(puller, images));
  }
  return measured;
}

async function pullOnce(puller: Puller, images: readonly string[]): Promise<PullRound> {
  await command('sync', []);
  const begun = performance.now();
  const cost = await puller.pull(images);
  const answered = performance.now() - begun;
  await command('sync', []);
  const durable = performance.now() - begun;
  await puller.remove(images);
  return { answered, durable, cost };
}

import { expect, test } from '@playwright/test';
import { hasDocker } from '../../fixtures/dockerd.ts';
import { chapters } from './chapters/index.ts';
import { differences } from './differences.ts';
import { fieldDifferences, fieldSets } from './field-sets.ts';
import { complaints, type Outcome, type Step } from './tour.ts';
import { startTourEngine, type TourEngine } from './tour-engine.ts';

/**
 * What people and scripts type for docker, typed at Longshore through docker(1). With LONGSHORE_TOUR_DOCKERD the same
 * is typed at dockerd, in the version of the API that both know, and what it does otherwise is printed.
 */

const COMPARES = process.env['LONGSHORE_TOUR_DOCKERD'] !== undefined;
const DOCKERD_API = '1.41';
const CHAPTER_TIMEOUT_MS = 300_000;

test.skip(!hasDocker, 'Docker is not installed');

const engines: TourEngine[] = [];

test.beforeAll(async () => {
  engines.push(await startTourEngine('longshore', COMPARES ? DOCKERD_API : undefined));
});

test.afterAll(async () => {
  for (const engine of engines.splice(0)) await engine[Symbol.asyncDispose]();
});

for (const { title, steps } of chapters) {
  test(title, async () => {
    test.skip(COMPARES, 'the whole is compared with dockerd');
    test.setTimeout(CHAPTER_TIMEOUT_MS);
    for (const step of steps) await expectStep(step);
  });
}

async function expectStep(step: Step): Promise<void> {
  const [engine] = engines;
  await test.step(step.line, async () => {
    const outcome = await engine?.take(step);
    if (outcome === undefined) throw new Error('no engine runs');
    expect.soft(complaints(step, outcome), `${step.line}\n${outcome.stdout}${outcome.stderr}`).toEqual([]);
  });
}

test('beside dockerd', async () => {
  test.skip(!COMPARES, 'LONGSHORE_TOUR_DOCKERD is not set');
  test.setTimeout(chapters.length * CHAPTER_TIMEOUT_MS);
  const [ours] = engines;
  if (ours === undefined) throw new Error('no engine runs');
  const steps = chapters
    .flatMap((chapter) => chapter.steps)
    .filter((step) => step.oursAlone !== true && step.newerApi !== true);
  const here = await takeAll(ours, steps);
  const ourFields = await fieldSets(ours);
  // One after the other: both want the addresses of the registries, and the same networks.
  await ours[Symbol.asyncDispose]();
  await using docker = await startTourEngine('dockerd', DOCKERD_API);
  const there = await takeAll(docker, steps);
  const theirFields = await fieldSets(docker);
  for (const [at, step] of steps.entries()) {
    for (const line of differences(step, here[at], there[at])) console.log(line);
  }
  for (const [name, fields] of ourFields) {
    const others = theirFields.get(name) ?? new Map<string, ReadonlySet<string>>();
    for (const line of fieldDifferences(name, fields, others)) console.log(line);
  }
});

async function takeAll(engine: TourEngine, steps: readonly Step[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of steps) outcomes.push(await engine.take(step));
  return outcomes;
}

import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { busyboxImage } from '../fixtures/images.ts';
import { root } from '../fixtures/paths.ts';
import { startRegistry } from '../fixtures/registry.ts';
import { type Builder, startBuilders } from './builders.ts';
import { median } from './measure.ts';

/** Each is some seconds with some builders. */
const MOST_ROUNDS = 7;
const PAGES = 200;

const EIGHT_STEPS = `ARG BASE
FROM \${BASE}
ENV HARBOUR=quay
WORKDIR /srv
COPY tools ./tools
RUN sh tools/prepare
COPY pages ./pages
RUN ls pages > index
RUN wc -c pages/* > sizes
CMD ["cat", "index"]
`;

interface Project {
  readonly what: string;
  /** Makes the context in an empty folder. */
  readonly make: (folder: string) => Promise<unknown>;
  /** Of the context: has other content each time. */
  readonly changing: string;
}

const PROJECTS: readonly Project[] = [
  { what: '8 steps, 200 files', make: makeEightSteps, changing: 'pages/7.txt' },
  {
    what: '30 steps',
    make: (folder) => cp(path.join(root, 'e2e/projects/thirty-steps'), folder, { recursive: true }),
    changing: 'parts/3.txt',
  },
];

/** How long each builder takes for the same project: all of it, nothing new, and one changed file. */
export async function benchBuilds(rounds: number): Promise<void> {
  await using registry = await startRegistry();
  await registry.push(await busyboxImage(), 'busybox', '1');
  const builders = await startBuilders(`${registry.host}/busybox:1`);
  try {
    const rows: string[][] = [];
    for (const project of PROJECTS)
      rows.push(...(await benchProject(project, builders, Math.min(rounds, MOST_ROUNDS))));
    const headings = ['median, ms', ...builders.map(({ name }) => name)];
    const table = [headings, headings.map(() => '---'), ...rows];
    console.log(`\nBuilds\n\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`);
  } finally {
    for (const builder of builders) await builder[Symbol.asyncDispose]();
  }
}

async function benchProject(
  { what, make, changing }: Project,
  builders: readonly Builder[],
  rounds: number,
): Promise<string[][]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-build-bench-'));
  try {
    await make(folder);
    const times = builders.map(() => ({
      cold: [] as number[],
      cached: [] as number[],
      changed: [] as number[],
    }));
    // The first round fills caches that are none of a builder's own.
    for (let round = -1; round < rounds; round++) {
      for (const [index, builder] of builders.entries()) {
        const cold = await timed(() => builder.build({ folder, anew: true }));
        const cached = await timed(() => builder.build({ folder, anew: false }));
        await writeFile(path.join(folder, changing), `round ${round} of ${builder.name}\n`);
        const changed = await timed(() => builder.build({ folder, anew: false }));
        if (round < 0) continue;
        times[index]?.cold.push(cold);
        times[index]?.cached.push(cached);
        times[index]?.changed.push(changed);
      }
    }
    const row = (kind: string, of: (one: (typeof times)[number]) => number[]): string[] => [
      `${what}: ${kind}`,
      ...compared(times.map((one) => median(of(one)))),
    ];
    return [
      row('cold', ({ cold }) => cold),
      row('nothing changed', ({ cached }) => cached),
      row('one file changed', ({ changed }) => changed),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** With how many times as long as the first each takes. */
function compared(medians: readonly number[]): string[] {
  const ours = medians[0] ?? Number.NaN;
  return medians.map((time, index) => {
    const shown = time.toFixed(time < 100 ? 1 : 0);
    return index === 0 ? shown : `${shown} (${(time / ours).toFixed(1)} times)`;
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function makeEightSteps(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'Dockerfile'), EIGHT_STEPS);
  await mkdir(path.join(folder, 'tools'));
  await writeFile(path.join(folder, 'tools/prepare'), 'mkdir -p made && seq 1000 > made/numbers\n');
  await mkdir(path.join(folder, 'pages'));
  for (let page = 0; page < PAGES; page++)
    await writeFile(path.join(folder, `pages/${page}.txt`), `page ${page}\n`.repeat(200));
}

import { busyboxImage } from '../fixtures/images.ts';
import { startRegistry } from '../fixtures/registry.ts';
import { installed } from './command.ts';
import { formatCrowd } from './crowd.ts';
import { DockerBench } from './docker.ts';
import { LongshoreBench } from './longshore.ts';
import { formatReport, type Row } from './report.ts';
import { RuncBench } from './runc.ts';

const ROUNDS = Number(process.argv[2] ?? 50);
/** A pull takes longer and varies less. */
const PULL_ROUNDS = Math.max(3, Math.round(ROUNDS / 5));
const DEEP_LAYERS = 20;
const CROWD = 500;

const registry = await startRegistry();
const small = await busyboxImage();
await registry.push(small, 'busybox', 'latest');
await registry.push(await busyboxImage(DEEP_LAYERS - 1), 'deep', 'latest');
const smallImage = `${registry.host}/busybox:latest`;
const deepImage = `${registry.host}/deep:latest`;

const longshore = await LongshoreBench.start(smallImage);
const runc = installed('runc') ? await RuncBench.start(small) : undefined;
const docker = await DockerBench.start();
await docker?.pull(smallImage);

const rows: Row[] = [
  {
    what: 'create, start, wait, remove of `true`, no network',
    longshore: await longshore.life(ROUNDS, 'none'),
    peers: {
      ...(runc && { runc: await runc.life(ROUNDS) }),
      ...(docker && { docker: await docker.life(smallImage, Math.min(ROUNDS, 20)) }),
    },
  },
  {
    what: 'the same on the default bridge',
    longshore: await longshore.life(ROUNDS, 'bridge'),
    peers: {},
  },
  {
    what: 'exec of `true`',
    longshore: await longshore.exec(ROUNDS),
    peers: {
      ...(runc && { runc: await runc.exec(ROUNDS) }),
      ...(docker && { docker: await docker.exec(smallImage, Math.min(ROUNDS, 20)) }),
    },
  },
  {
    what: `pull of ${DEEP_LAYERS} small layers`,
    longshore: await longshore.pulls(PULL_ROUNDS, deepImage),
    peers: { ...(docker && { docker: await docker.pulls(deepImage, PULL_ROUNDS) }) },
  },
];
console.log(`\nEngine\n\n${formatReport(rows)}`);
console.log(`\n${formatCrowd(await longshore.crowd(CROWD))}`);

for (const resource of [longshore, runc, docker, registry]) await resource?.[Symbol.asyncDispose]();

import { busyboxImage } from '../fixtures/images.ts';
import { startRegistry } from '../fixtures/registry.ts';
import { installed } from './command.ts';
import { formatCrowd } from './crowd.ts';
import { DockerBench } from './docker.ts';
import { LongshoreBench } from './longshore.ts';
import { formatReport, type Row } from './report.ts';
import { RuncBench } from './runc.ts';

const DEEP_LAYERS = 20;
const CROWD = 500;

/** Lives of containers, exec, a pull of small layers, and a crowd. */
export async function benchContainers(rounds: number): Promise<void> {
  await using registry = await startRegistry();
  const small = await busyboxImage();
  await registry.push(small, 'busybox', 'latest');
  await registry.push(await busyboxImage(DEEP_LAYERS - 1), 'deep', 'latest');
  const image = `${registry.host}/busybox:latest`;

  await using docker = await DockerBench.start();
  await using runc = installed('runc') ? await RuncBench.start(small) : undefined;
  await using longshore = await LongshoreBench.start(image);
  await docker?.pull(image);

  const peers = { longshore, runc, docker };
  const rows = [
    ...(await lives(peers, image, rounds)),
    await pulls(peers, `${registry.host}/deep:latest`, rounds),
  ];
  console.log(`\nEngine\n\n${formatReport(rows)}`);
  console.log(`\n${formatCrowd(await longshore.crowd(CROWD))}`);
}

interface Peers {
  readonly longshore: LongshoreBench;
  readonly runc: RuncBench | undefined;
  readonly docker: DockerBench | undefined;
}

async function lives({ longshore, runc, docker }: Peers, image: string, rounds: number): Promise<Row[]> {
  const dockerRounds = Math.min(rounds, 20);
  return [
    {
      what: 'create, start, wait, remove of `true`, no network',
      longshore: await longshore.life(rounds, 'none'),
      peers: {
        ...(runc && { runc: await runc.life(rounds) }),
        ...(docker && { docker: await docker.life(image, dockerRounds) }),
      },
    },
    {
      what: 'the same on the default bridge',
      longshore: await longshore.life(rounds, 'bridge'),
      peers: {},
    },
    {
      what: 'exec of `true`',
      longshore: await longshore.exec(rounds),
      peers: {
        ...(runc && { runc: await runc.exec(rounds) }),
        ...(docker && { docker: await docker.exec(image, dockerRounds) }),
      },
    },
  ];
}

async function pulls({ longshore, docker }: Peers, image: string, rounds: number): Promise<Row> {
  /** A pull takes longer and varies less. */
  const pullRounds = Math.max(3, Math.round(rounds / 5));
  return {
    what: `pull of ${DEEP_LAYERS} small layers`,
    longshore: await longshore.pulls(pullRounds, image),
    peers: { ...(docker && { docker: await docker.pulls(image, pullRounds) }) },
  };
}

import path from 'node:path';
import type { CommandLine } from '../fixtures/cli.ts';
import { root } from '../fixtures/paths.ts';

const IMAGES = [
  ['web', 'harbour/web:2.1'],
  ['tide', 'harbour/tide:0.4'],
  ['importer', 'harbour/importer:0.4'],
] as const;

const HEALTH = ['--health-cmd', 'wget -q -O /dev/null http://127.0.0.1:8080/', '--health-interval', '2s'];

const CONTAINERS: readonly (readonly string[])[] = [
  [
    '-d',
    '--name',
    'web',
    '-p',
    '8080:8080',
    '-m',
    '128m',
    '-v',
    'charts:/srv/charts',
    ...HEALTH,
    IMAGES[0][1],
  ],
  ['-d', '--name', 'tide-north', '--hostname', 'north', '-m', '64m', IMAGES[1][1]],
  ['-d', '--name', 'tide-south', '--hostname', 'south', '-m', '64m', IMAGES[1][1]],
  ['-d', '--name', 'scratch', '-it', 'busybox'],
  ['-d', '--name', 'importer', IMAGES[2][1]],
  ['-d', '--name', 'hello', 'hello'],
];

/** A small harbour, with a container of every state. */
export async function openHarbour(cli: CommandLine): Promise<void> {
  await cli.must('starter', 'busybox');
  await cli.must('starter', 'hello');
  for (const [target, name] of IMAGES) {
    const context = path.join(root, 'e2e/pictures/harbour');
    await cli.must('build', '-q', '--target', target, '-t', name, context);
  }
  await cli.must('network', 'create', 'harbour');
  for (const words of CONTAINERS) await cli.must('run', '--network', 'harbour', ...words);
  await cli.must('pause', 'scratch');
}

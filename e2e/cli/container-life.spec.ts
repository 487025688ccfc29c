import { expect, test } from '@playwright/test';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';

/** What happens to a container between its first start and its removal, on the real engine. */

let engine: ServedEngine;

test.beforeAll(async () => {
  engine = await serveEngine();
  await engine.cli.must('starter', 'busybox');
});

test.afterAll(() => engine[Symbol.asyncDispose]());

const must = (...args: string[]) => engine.cli.must(...args);

interface Inspected {
  readonly state: {
    readonly status: string;
    readonly restartCount: number;
    readonly crashLooping: { readonly sinceExitCount: number } | null;
    readonly health: {
      readonly status: string;
      readonly probes: readonly { readonly output: string }[];
    } | null;
  };
  readonly reasons: readonly string[];
}

async function inspect(name: string): Promise<Inspected> {
  const [found] = JSON.parse(await must('inspect', name)) as readonly Inspected[];
  if (found === undefined) throw new Error(`${name} is not there`);
  return found;
}

test('a paused container stands still until it is unpaused', async () => {
  await must(
    'run',
    '-d',
    '--name',
    'pausing',
    'busybox',
    'sh',
    '-c',
    'while :; do echo tick; sleep 0.05; done',
  );
  await must('pause', 'pausing');
  expect(await must('ps', '--filter', 'status=paused', '--format', '{{.Names}}: {{.Status}}')).toMatch(
    /^pausing: Up .* \(Paused\)$/,
  );
  const before = await must('logs', 'pausing');
  const refused = await engine.cli.run(['exec', 'pausing', 'true']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('is paused');
  expect(await must('logs', 'pausing')).toBe(before);
  await must('unpause', 'pausing');
  await expect.poll(() => must('logs', 'pausing')).not.toBe(before);
  await must('pause', 'pausing');
  await must('rm', '-f', 'pausing');
});

test('a restart policy starts again what ends by itself, and a stop is a stop', async () => {
  await must('run', '-d', '--name', 'crashing', '--restart', 'always', 'busybox', 'sh', '-c', 'exit 3');
  await expect.poll(async () => (await inspect('crashing')).state.crashLooping).not.toBeNull();
  expect((await inspect('crashing')).reasons).toContainEqual(
    expect.stringContaining('It ends soon after each start'),
  );
  await must('stop', 'crashing');
  const { state } = await inspect('crashing');
  expect(state).toMatchObject({ status: 'exited', crashLooping: null });
  expect(state.restartCount).toBeGreaterThan(1);
  await must('rm', 'crashing');
});

test('a failing container is tried again as often as it may be', async () => {
  await must('run', '-d', '--name', 'tried', '--restart', 'on-failure:2', 'busybox', 'sh', '-c', 'exit 4');
  await expect
    .poll(async () => (await inspect('tried')).state)
    .toMatchObject({ status: 'exited', restartCount: 2 });
  expect(await must('ps', '-q', '--no-trunc', '--filter', 'exited=4', '-a')).not.toBe('');
  await must('rm', 'tried');
});

test('a health check tells how it is, and why it is not well', async () => {
  const check = 'echo looking; test ! -e /tmp/sick';
  await must(
    ...['run', '-d', '--name', 'checked', '--health-cmd', check, '--health-interval', '100ms'],
    ...['--health-retries', '2', 'busybox', 'sleep', '1000'],
  );
  await expect.poll(() => must('ps', '--format', '{{.Status}}', '-f', 'name=checked')).toContain('(healthy)');
  await must('exec', 'checked', 'touch', '/tmp/sick');
  await expect.poll(() => must('ps', '-q', '-f', 'health=unhealthy')).not.toBe('');
  expect((await inspect('checked')).reasons).toEqual(['Its health check failed (exit code 1): looking']);
  await must('exec', 'checked', 'rm', '/tmp/sick');
  await expect.poll(async () => (await inspect('checked')).state.health?.status).toBe('healthy');
  await must('rm', '-f', 'checked');
});

test('a check that hangs is killed, and keeps nobody from stopping the container', async () => {
  await must(
    ...['run', '-d', '--name', 'hanging', '--health-cmd', 'echo begun; exec sleep 1000'],
    ...['--health-interval', '50ms', '--health-timeout', '300ms', '--health-retries', '1'],
    ...['busybox', 'sleep', '1000'],
  );
  await expect
    .poll(async () => (await inspect('hanging')).state.health)
    .toMatchObject({ status: 'unhealthy' });
  const { state } = await inspect('hanging');
  expect(state.health?.probes[0]?.output).toBe('It took longer than 0.3 s.\nbegun\n');
  await must('stop', '-t', '0', 'hanging');
  await must('rm', 'hanging');
});

test('limits change while it runs, and show', async () => {
  await must('run', '-d', '--name', 'limited', '-m', '64m', '--pids-limit', '50', 'busybox', 'sleep', '1000');
  const limits = () =>
    must('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}} {{.PIDs}}', 'limited');
  expect(await limits()).toMatch(/^limited \S+ \/ 64MiB 1$/);
  await must('update', '--memory', '32m', '--pids-limit', '1', 'limited');
  expect(await limits()).toMatch(/^limited \S+ \/ 32MiB 1$/);
  expect((await engine.cli.run(['exec', 'limited', 'true'])).code).not.toBe(0);
  const refused = await engine.cli.run(['update', '--memory', '16m', '--memory-swap', '8m', 'limited']);
  expect(refused.code).toBe(1);
  expect(await limits()).toContain('/ 32MiB');
  await must('rm', '-f', 'limited');
});

test('top and stats show what runs', async () => {
  await must('run', '-d', '--name', 'busy', 'busybox', 'sh', '-c', 'while :; do :; done');
  expect(await must('top', 'busy')).toMatch(
    /^UID +PID +PPID +C +STIME +TTY +TIME +CMD\nroot .*while :; do :; done$/,
  );
  expect(await must('top', 'busy', '-o', 'comm')).toBe('COMMAND\nsh');
  const [headings, row] = (await must('stats', '--no-stream', 'busy')).split('\n');
  expect(headings).toMatch(
    /^CONTAINER ID +NAME +CPU % +MEM USAGE \/ LIMIT +MEM % +NET I\/O +BLOCK I\/O +PIDS$/,
  );
  const load = Number(/(\d+\.\d+)%/.exec(row ?? '')?.[1]);
  expect(load).toBeGreaterThan(5);
  await must('rm', '-f', 'busy');
  expect(await must('stats', '--no-stream')).not.toContain('\n');
});

test('waits for several at once, and prunes what is over', async () => {
  await must('create', '--name', 'kept', '--label', 'keep', 'busybox', 'true');
  await must('run', '-d', '--name', 'long', 'busybox', 'sh', '-c', 'sleep 0.3; exit 5');
  await must('run', '-d', '--name', 'short', 'busybox', 'sh', '-c', 'exit 6');
  expect(await must('wait', 'long', 'short')).toBe('5\n6');
  const refused = await engine.cli.run(['container', 'prune'], 'n\n');
  expect(refused.stdout).not.toContain('Deleted');
  expect(await must('container', 'prune', '-f', '--filter', 'label!=keep')).toContain('Deleted Containers:');
  expect(await must('ps', '-a', '--format', '{{.Names}}')).toBe('kept');
  await must('rm', 'kept');
});

test('says in order what happened, and what is wrong with a filter or a template', async () => {
  const since = new Date().toISOString();
  await must('run', '-d', '--name', 'told', 'busybox', 'sleep', '1000');
  await must('pause', 'told');
  await must('unpause', 'told');
  await must('update', '--restart', 'unless-stopped', 'told');
  await must('top', 'told');
  await must('exec', 'told', 'true');
  await must('stop', '-t', '0', 'told');
  await must('rm', 'told');
  const events = await must('events', '--since', since, '--until', new Date().toISOString());
  const actions = events
    .split('\n')
    .flatMap((line) => /^\S+ container (.+?) [0-9a-f]{64} /.exec(line)?.[1] ?? []);
  expect(actions.filter((action) => !action.startsWith('exec_die'))).toEqual([
    ...['create', 'start', 'pause', 'unpause', 'update', 'top', 'exec_create: true', 'exec_start: true'],
    ...['kill', 'kill', 'die', 'stop', 'destroy'],
  ]);
  for (const words of [
    ['ps', '--filter', 'colour=red'],
    ['ps', '--format', '{{.Colour}}'],
    ['top', 'told', '--sort=-rss'],
    ['update', 'told'],
  ]) {
    const { code, stderr } = await engine.cli.run(words);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  }
});

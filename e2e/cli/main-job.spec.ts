import { expect, test } from '@playwright/test';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';
import { BOOTSTRAP_TIMEOUT_MS, debianImage } from '../fixtures/images.ts';
import { type Registry, startRegistry } from '../fixtures/registry.ts';

let registry: Registry;
let engine: ServedEngine;
let image: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(BOOTSTRAP_TIMEOUT_MS);
  registry = await startRegistry();
  await registry.push(await debianImage(), 'debian', 'bookworm');
  image = `${registry.host}/debian:bookworm`;
  engine = await serveEngine();
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

test('pulls an image and shows its layers', async () => {
  const { code, stdout } = await engine.cli.run(['pull', image]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Pull complete[\s\S]*Digest: sha256:[0-9a-f]{64}\nStatus: Downloaded newer image/);
  expect(await engine.cli.must('images')).toMatch(/debian\s+bookworm\s+[0-9a-f]{12}/);
});

test('a second pull finds it up to date', async () => {
  expect(await engine.cli.must('pull', image)).toContain('Image is up to date');
});

test('runs a command, with its output, its input and its exit code', async () => {
  expect(await engine.cli.must('run', '--rm', image, 'cat', '/srv/greeting')).toBe('ahoy');
  const echoed = await engine.cli.run(
    ['run', '-i', '--rm', image, 'sh', '-c', 'cat; exit 7'],
    'through stdin',
  );
  expect(echoed).toMatchObject({ code: 7, stdout: 'through stdin' });
  expect(await engine.cli.must('ps', '-a', '-q')).toBe('');
});

test('keeps stdout and stderr apart', async () => {
  const result = await engine.cli.run(['run', '--rm', image, 'sh', '-c', 'echo out; echo err >&2']);
  expect(result).toMatchObject({ code: 0, stdout: 'out\n', stderr: 'err\n' });
});

test('gives the settings to the container', async () => {
  const shell =
    'echo $A $(pwd) $(id -u):$(id -g) $(hostname) $(cat /data/x) $(cat /proc/self/status | grep CapEff | cut -f2)';
  const words = await engine.cli.must(
    ...['run', '--rm', '-e', 'A=1', '-w', '/var', '-u', '1000:1000', '-h', 'harbour', '--cap-drop', 'ALL'],
    ...['-v', `${engine.folders.data}/x:/data`, image, 'sh', '-c', `touch /data/x 2>/dev/null; ${shell}`],
  );
  expect(words).toBe('1 /var 1000:1000 harbour 0000000000000000');
});

test('runs in the background: ps, logs, exec, stop, start, rm', async () => {
  const { cli } = engine;
  const script = 'trap "exit 0" TERM; n=0; while :; do echo line $n; n=$((n+1)); sleep 0.05; done';
  const id = await cli.must('run', '-d', '--name', 'tide', image, 'sh', '-c', script);
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(await cli.must('ps')).toMatch(/tide/);

  await using following = cli.start(['logs', '-f', 'tide']);
  await following.saysOnStdout(/line 5\n/);
  expect(await cli.must('logs', '--tail', '1', 'tide')).toMatch(/^line \d+$/);

  expect(await cli.must('exec', 'tide', 'cat', '/proc/1/comm')).toBe('sh');
  expect((await cli.run(['exec', '-i', 'tide', 'cat'], 'both ways')).stdout).toBe('both ways');
  expect((await cli.run(['exec', 'tide', 'sh', '-c', 'exit 9'])).code).toBe(9);

  await cli.must('stop', 'tide');
  expect((await following.ended()).code).toBe(0);
  expect(await cli.must('ps', '-a')).toMatch(/Exited \(0\)/);
  await cli.must('start', 'tide');
  expect((await cli.run(['rm', 'tide'])).stderr).toContain('running');
  await cli.must('rm', '-f', 'tide');
  expect(await cli.must('ps', '-a', '-q')).toBe('');
});

test('prints what it knows, and what happens, as JSON', async () => {
  const { cli } = engine;
  await using watching = cli.start(['events', '--format', 'json']);
  // The watch may begin in the middle of a first container's life; sooner or later it sees a whole one.
  await expect(async () => {
    await cli.must('run', '--rm', '--name', 'seen', image, 'true');
    const actions = wholeLines(watching.stdout).map(
      (line) => (JSON.parse(line) as { action: string }).action,
    );
    expect(actions).toEqual(expect.arrayContaining(['create', 'start', 'die', 'destroy']));
  }).toPass();
  const [details] = JSON.parse(await cli.must('inspect', image)) as [{ layers: unknown[] }];
  expect(details.layers).toHaveLength(2);
});

test('containers run on while the engine is away, and their exit is not lost', async () => {
  const { cli, serving, folders } = engine;
  await cli.must('run', '-d', '--name', 'sleeper', image, 'sh', '-c', 'sleep 0.5; exit 3');
  await serving[Symbol.asyncDispose]();
  const again = cli.start(['serve']);
  await again.saysOnStdout(/^Ready\./m);
  engine = { ...engine, serving: again, [Symbol.asyncDispose]: () => disposeBoth(again, folders) };
  expect(await cli.must('wait', 'sleeper')).toBe('3');
  await cli.must('rm', 'sleeper');
});

test('removes the image, unless a container needs it', async () => {
  const { cli } = engine;
  await cli.must('create', '--name', 'keeper', image);
  expect((await cli.run(['rmi', image])).code).toBe(1);
  await cli.must('rm', 'keeper');
  expect(await cli.must('rmi', image)).toContain('Deleted: sha256:');
  expect(await cli.must('images', '-q')).toBe('');
});

async function disposeBoth(...resources: readonly AsyncDisposable[]): Promise<void> {
  for (const resource of resources) await resource[Symbol.asyncDispose]();
}

/** The last piece may still be on its way. */
function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

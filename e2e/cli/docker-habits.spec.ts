import { expect, test } from '@playwright/test';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';

/** What scripts made for docker count on: which words are understood, and which exit codes come back. */

let engine: ServedEngine;

test.beforeAll(async () => {
  engine = await serveEngine();
  await engine.cli.must('starter', 'hello');
  await engine.cli.must('run', '-d', '--name', 'tide', 'hello', 'wait');
});

test.afterAll(() => engine[Symbol.asyncDispose]());

const CODES: readonly (readonly [code: number, ...args: string[]])[] = [
  [0, 'run', '--rm', '--net=none', 'hello'],
  [42, 'run', '--rm', '--entrypoint', 'sh', 'hello', '-c', 'exit 42'],
  [127, 'run', '--rm', '--entrypoint', 'nothing', 'hello'],
  [126, 'run', '--rm', '--entrypoint', '/bin', 'hello'],
  [125, 'run', '--pull', 'never', 'nothing'],
  [125, 'run', '--name', 'tide', 'hello'],
  [125, 'run', '--colour', 'hello'],
  [1, 'run'],
  [3, 'exec', 'tide', 'sh', '-c', 'exit 3'],
  [127, 'exec', 'tide', 'nothing'],
  [1, 'exec', 'nobody', 'true'],
  [1, 'start', 'nobody'],
  [1, 'create', '--pull', 'never', 'nothing'],
  [1, 'logs', 'nobody'],
  [1, 'rm', 'nobody'],
  [0, 'rm', '-f', 'nobody'],
  [1, 'rm', 'tide'],
  [1, 'rmi', 'hello'],
  [1, 'inspect', 'nobody'],
  [1, 'fly'],
];

for (const [code, ...args] of CODES) {
  test(`${args.join(' ')}: code ${code}`, async () => {
    expect((await engine.cli.run(args)).code).toBe(code);
  });
}

test('the long forms are the same verbs', async () => {
  const { cli } = engine;
  expect(await cli.must('container', 'ls', '-aq', '--no-trunc')).toBe(
    await cli.must('ps', '-aq', '--no-trunc'),
  );
  expect(await cli.must('image', 'ls', '-q')).toBe(await cli.must('images', '-q'));
  expect(await cli.must('container', 'run', '--rm', 'hello')).toContain('Hello');
  await cli.must('image', 'tag', 'hello', 'greeting:1');
  expect(await cli.must('image', 'rm', 'greeting:1')).toContain('Untagged: greeting:1');
});

test('removes what a list names, in one line as in scripts', async () => {
  const { cli } = engine;
  const made = [await cli.must('create', 'hello'), await cli.must('create', 'hello')];
  await cli.must('rm', '-f', ...made.map((id) => id.slice(0, 12)));
  expect(await cli.must('ps', '-aq', '--no-trunc')).not.toContain(made[0]);
});

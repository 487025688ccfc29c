import { expect, test } from '@playwright/test';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';
import { type Registry, startRegistry } from '../fixtures/registry.ts';

let registry: Registry;
let engine: ServedEngine;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  registry = await startRegistry();
  engine = await serveEngine();
  await engine.cli.must('starter', 'hello');
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

test('pushes an image under a name of the registry, and pulls it back', async () => {
  const { cli } = engine;
  const name = `${registry.host}/mine/hello:1`;
  await cli.must('tag', 'hello', name);
  const pushed = await cli.must('push', name);
  expect(pushed).toMatch(/: Pushed\n/);
  const digest = /1: digest: (sha256:[0-9a-f]{64}) size: \d+$/.exec(pushed)?.[1];
  expect(await cli.must('push', name)).toContain('Layer already exists');
  await cli.must('rmi', name);
  expect(await cli.must('pull', name)).toContain(`Digest: ${digest ?? 'none'}`);
  expect(await cli.must('run', '--rm', '--net=none', name)).toContain('Hello');
});

test('pushes all tags of a repository', async () => {
  const { cli } = engine;
  const repository = `${registry.host}/mine/tagged`;
  await cli.must('tag', 'hello', `${repository}:1`);
  await cli.must('tag', 'hello', `${repository}:2`);
  const printed = await cli.must('push', '--all-tags', '--quiet', repository);
  expect(printed.split('\n').sort()).toEqual([`${repository}:1`, `${repository}:2`]);
});

test('says what stands in the way of a push', async () => {
  const { cli } = engine;
  const unknown = await cli.run(['push', `${registry.host}/mine/nothing`]);
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.stderr).toContain('There is no image');
  expect(unknown.stderr).toContain('longshore tag');
  const digest = await cli.run(['push', `${registry.host}/mine/hello@sha256:${'a'.repeat(64)}`]);
  expect(digest.stderr).toContain('not to a digest');
  await cli.must('tag', 'hello', '127.0.0.1:1/mine/hello:1');
  expect((await cli.run(['push', '127.0.0.1:1/mine/hello:1'])).stderr).toContain('connection was refused');
});

test('signs in to a registry that lets everybody in, and out again', async () => {
  const { cli } = engine;
  const login = ['login', '-u', 'harbour', '--password-stdin', registry.host];
  expect((await cli.run(login, 'secret\n')).stdout).toContain('Login Succeeded');
  expect(await cli.must('logout', registry.host)).toContain(registry.host);
  const again = await cli.run(['logout', registry.host]);
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toContain('not signed in');
});

test('does not ask for a password where nobody can answer', async () => {
  const { cli } = engine;
  const asked = await cli.run(['login', '-u', 'harbour', registry.host]);
  expect(asked.code).toBe(1);
  expect(asked.stderr).toContain('--password-stdin');
  expect((await cli.run(['login', 'not a registry', '-u', 'a', '-p', 'b'])).stderr).toContain(
    "no registry's name",
  );
});

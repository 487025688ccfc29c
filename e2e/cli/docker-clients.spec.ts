import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { BOOTSTRAP_TIMEOUT_MS } from '../fixtures/images.ts';
import { root } from '../fixtures/paths.ts';
import { ClientEngine } from './docker-clients/client-engine.ts';
import { dockerodeScenario } from './docker-clients/dockerode.ts';
import { pythonWithDocker } from './docker-clients/tools.ts';

/** Libraries that speak to Docker do a real piece of work with `longshore serve`, unchanged. */

const run = promisify(execFile);
const here = path.join(import.meta.dirname, 'docker-clients');

let engine: ClientEngine;

test.beforeAll(async () => {
  engine = await ClientEngine.start();
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

/** A program of this folder, with the libraries of this checkout; its stdout. */
async function program(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const words = ['--import', 'tsx', path.join(here, name), ...args];
  return (await run(process.execPath, words, { cwd: root, env: { ...engine.env, ...env } })).stdout;
}

test('dockerode', async () => {
  await dockerodeScenario(engine.socketPath, engine.images.busybox);
});

test('the docker package of Python', async () => {
  const python = await pythonWithDocker();
  test.skip(python === null, 'pip could not get the docker package');
  const args = [path.join(here, 'scenario.py'), engine.images.busybox];
  const { stdout } = await run(python ?? '', args, { env: engine.env });
  expect(stdout).toMatch(/^ok events$/m);
});

test('Testcontainers', async () => {
  // What the reaper does has a test of its own, below.
  const env = { TESTCONTAINERS_RYUK_DISABLED: 'true' };
  expect(await program('testcontainers.ts', [engine.images.busybox], env)).toBe('done\n');
});

test('the reaper of Testcontainers, through the socket in its container', async () => {
  test.setTimeout(BOOTSTRAP_TIMEOUT_MS);
  await engine.pushServices();
  const env = { RYUK_CONTAINER_IMAGE: engine.images.services };
  const id = (await program('left-behind.ts', [engine.images.busybox], env)).trim();
  await expect.poll(() => engine.docker('ps', '-aq', '--no-trunc', '--filter', `id=${id}`)).toBe('');
  await expect.poll(() => engine.docker('ps', '-aq')).toBe('');
});

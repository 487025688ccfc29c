import { expect, test } from '@playwright/test';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';
import { busyboxImage } from '../fixtures/images.ts';
import { type Registry, startRegistry } from '../fixtures/registry.ts';

/** Each refusal tells what is wrong, and leaves everything as it was. */

let registry: Registry;
let engine: ServedEngine;
let image: string;

test.beforeAll(async () => {
  registry = await startRegistry();
  await registry.push(await busyboxImage(), 'busybox', 'latest');
  image = `${registry.host}/busybox:latest`;
  engine = await serveEngine();
  await engine.cli.must('pull', '-q', image);
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

interface Refusal {
  readonly what: string;
  readonly args: () => readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    what: 'an unknown image',
    args: () => ['pull', `${registry.host}/nothing:latest`],
    code: 1,
    says: /nothing/,
  },
  {
    what: 'a wrong tag',
    args: () => ['pull', `${registry.host}/busybox:no-such-tag`],
    code: 1,
    says: /no-such-tag/,
  },
  {
    what: 'a registry that is down',
    args: () => ['pull', '127.0.0.1:9/busybox'],
    code: 1,
    says: /127\.0\.0\.1:9/,
  },
  {
    what: 'a reference that is none',
    args: () => ['pull', 'Not A Reference'],
    code: 1,
    says: /reference|lower/i,
  },
  {
    what: 'an invalid name',
    args: () => ['run', '--name', '../evil', image, 'true'],
    code: 125,
    says: /name/,
  },
  {
    what: 'a command that is not there',
    args: () => ['run', '--rm', image, 'no-such'],
    code: 127,
    says: /no-such/,
  },
  {
    what: 'a command that is a folder',
    args: () => ['run', '--rm', image, '/etc'],
    code: 126,
    says: /\/etc/,
  },
  {
    what: 'a user that is not there',
    args: () => ['run', '--rm', '-u', 'nobody-here', image, 'true'],
    code: 125,
    says: /nobody-here/,
  },
  { what: 'a container that is not there', args: () => ['stop', 'no-such'], code: 1, says: /no-such/ },
  {
    what: 'too small a memory limit',
    args: () => ['run', '-m', '1m', image, 'true'],
    code: 125,
    says: /6 MB/,
  },
  { what: 'an unknown flag', args: () => ['run', '--no-such-flag', image], code: 125, says: /no-such-flag/ },
];

for (const { what, args, code, says } of refusals) {
  test(`${what} is refused`, async () => {
    const before = await everything();
    const result = await engine.cli.run(args());
    expect(result.stderr).toMatch(says);
    expect(result.code).toBe(code);
    expect(await everything()).toBe(before);
  });
}

test('a name that is taken is refused', async () => {
  await engine.cli.must('create', '--name', 'taken', image);
  const before = await everything();
  const result = await engine.cli.run(['create', '--name', 'taken', image]);
  expect(result.stderr).toContain('taken');
  expect(await everything()).toBe(before);
  await engine.cli.must('rm', 'taken');
});

test('a second engine on the same data is refused', async () => {
  const result = await engine.cli.run(['serve']);
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/already|another/i);
  expect(await engine.cli.must('info')).toContain('running');
});

test('without an engine the command line says how to start one', async () => {
  const { CommandLine } = await import('../fixtures/cli.ts');
  const { makeFolders } = await import('../fixtures/folders.ts');
  await using folders = await makeFolders();
  const result = await new CommandLine(folders).run(['ps']);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('longshore serve');
});

async function everything(): Promise<string> {
  const { cli } = engine;
  const containers = await cli.must('ps', '-a', '--no-trunc', '-q');
  return `${containers}\n${await cli.must('images', '--no-trunc', '-q')}`;
}

import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { type Docker, hasDocker, startDocker } from '../fixtures/dockerd.ts';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';
import { differences, type FileTree, fileTree } from '../fixtures/file-tree.ts';
import { BOOTSTRAP_TIMEOUT_MS, workshopArchive } from '../fixtures/images.ts';
import { root } from '../fixtures/paths.ts';
import { makePrivateNetwork, type PrivateNetwork } from '../fixtures/private-network.ts';

/** Real projects of several kinds become the very image that docker's own builder makes of them. */

interface Project {
  readonly name: string;
  readonly folder: string;
  readonly options?: readonly string[];
  /** What the image's own command, or this one, says. */
  readonly says?: { readonly command?: readonly string[]; readonly text: RegExp };
}

const PROJECTS: readonly Project[] = [
  {
    name: 'a static site on nginx',
    folder: 'static-site',
    says: { command: ['-t'], text: /syntax is ok/ },
  },
  {
    name: 'a Node app of three stages',
    folder: 'node-app',
    options: ['--build-arg', 'NODE_ENV=staging'],
    says: { command: ['cat', 'built-for'], text: /^staging$/m },
  },
  { name: 'a Python app', folder: 'python-app', says: { text: /^12 berths$/m } },
  {
    name: 'a Go program from scratch',
    folder: 'go-multi-stage',
    options: ['--build-arg', 'VERSION=1.2.3'],
    says: { text: /^ahoy from Go 1\.2\.3$/m },
  },
  { name: 'a C program from scratch', folder: 'c-from-scratch', says: { text: /^ahoy from C$/m } },
  {
    name: 'a Dockerfile of thirty steps',
    folder: 'thirty-steps',
    options: ['--build-arg', 'STAMP=today', '--label', 'made.by=test'],
    says: { text: /^step 1 ahoy$/m },
  },
];

/** What a builder does not make: a container's own files, which each engine mounts or writes for itself. */
const OF_THE_CONTAINER = /^(\.dockerenv|dev(\/.*)?|proc|sys|etc\/(hosts|hostname|resolv\.conf|mtab)|etc)$/;

let network: PrivateNetwork;
let docker: Docker;
let engine: ServedEngine;
let here: string;

test.skip(!hasDocker, 'this machine has no docker to compare with');

test.beforeAll(async () => {
  test.setTimeout(BOOTSTRAP_TIMEOUT_MS);
  const archive = await workshopArchive();
  here = await mkdtemp(path.join(os.tmpdir(), 'longshore-projects-'));
  network = await makePrivateNetwork();
  docker = await startDocker(network);
  engine = await serveEngine();
  await docker.docker('import', archive, 'workshop:1');
  await engine.cli.must('import', archive, 'workshop:1');
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await docker[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
  await rm(here, { recursive: true, force: true });
});

for (const { name, folder, options = [], says } of PROJECTS) {
  test(`${name}: the same files and the same config`, async () => {
    test.setTimeout(BOOTSTRAP_TIMEOUT_MS);
    const words = ['build', '--build-arg', 'BASE=workshop:1', ...options, '-t', folder];
    const project = path.join(root, 'e2e/projects', folder);
    const [ours, theirs] = await Promise.all([
      builtByLongshore([...words, project], folder),
      builtByDocker([...words, project], folder),
    ]);
    expect(differences(ours.files, theirs.files)).toEqual([]);
    expect(ours.config).toEqual(theirs.config);
    if (says !== undefined) {
      const { stdout, stderr } = await engine.cli.run(['run', '--rm', folder, ...(says.command ?? [])]);
      expect(stdout + stderr).toMatch(says.text);
    }
  });
}

interface Built {
  readonly files: FileTree;
  readonly config: unknown;
}

async function builtByLongshore(words: readonly string[], image: string): Promise<Built> {
  await engine.cli.must(...words);
  const container = await engine.cli.must('create', image, 'none');
  const archive = path.join(here, `${image}.tar`);
  await engine.cli.must('export', '-o', archive, container);
  const files = await builtFiles(createReadStream(archive));
  await rm(archive);
  await engine.cli.must('rm', container);
  const [{ id }] = JSON.parse(await engine.cli.must('image', 'inspect', image)) as [{ id: string }];
  const blobs = path.join(engine.folders.data, 'engine/content/blobs/sha256');
  return { files, config: await configIn(path.join(blobs, id.replace('sha256:', ''))) };
}

async function builtByDocker(words: readonly string[], image: string): Promise<Built> {
  await docker.docker(...words);
  const container = await docker.docker('create', image, 'none');
  const exporting = spawn('docker', ['-H', docker.host, 'export', container], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const files = await builtFiles(exporting.stdout);
  await docker.docker('rm', container);
  const id = await docker.docker('image', 'inspect', '--format', '{{.Id}}', image);
  const configs = path.join(docker.dataDir, 'image/overlay2/imagedb/content/sha256');
  return { files, config: await configIn(path.join(configs, id.replace('sha256:', ''))) };
}

async function builtFiles(archive: Readable): Promise<FileTree> {
  const files = await fileTree(archive);
  return new Map([...files].filter(([name]) => !OF_THE_CONTAINER.test(name)));
}

/** The part of an image's config that a person writes; what is not set is left out. */
async function configIn(file: string): Promise<unknown> {
  const { config, architecture, os: system } = JSON.parse(await readFile(file, 'utf8')) as ConfigDocument;
  // Docker's classic builder tells the containers of its steps here; BuildKit writes down that `/` is where one begins.
  const { Image: _image, Hostname: _hostname, WorkingDir, ...rest } = config;
  const settings = WorkingDir === '/' ? rest : { ...rest, WorkingDir };
  return { architecture, system, ...Object.fromEntries(Object.entries(settings).filter(isSet)) };
}

interface ConfigDocument {
  readonly architecture: string;
  readonly os: string;
  readonly config: Readonly<Record<string, unknown>>;
}

function isSet([, value]: [string, unknown]): boolean {
  return value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);
}

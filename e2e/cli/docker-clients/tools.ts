import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../../fixtures/paths.ts';

const run = promisify(execFile);

const DOCKER_PY = '7.2.0';
const COMPOSE_VERSION = 'v2.39.4';

/** Python with Docker's package in a virtual environment of its own, made once; null where pip cannot get it. */
export async function pythonWithDocker(): Promise<string | null> {
  const folder = path.join(await cacheDir(), `docker-py-${DOCKER_PY}`);
  const python = path.join(folder, 'bin/python');
  if (existsSync(path.join(folder, 'complete'))) return python;
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', `docker==${DOCKER_PY}`]);
    await run('touch', [path.join(folder, 'complete')]);
    return python;
  } catch {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
}

/**
 * Docker's current compose, which no Debian has: built with Go, once, where LONGSHORE_BUILD_COMPOSE asks for it, for that
 * takes many minutes; null where there is none.
 */
export async function composeV2(): Promise<string | null> {
  const program = path.join(await cacheDir(), `docker-compose-${COMPOSE_VERSION}`);
  if (existsSync(program)) return program;
  if (process.env['LONGSHORE_BUILD_COMPOSE'] === undefined) return null;
  const work = await mkdtemp(path.join(os.tmpdir(), 'longshore-compose-'));
  try {
    const { stdout } = await run('go', [
      'mod',
      'download',
      '-json',
      `github.com/docker/compose/v2@${COMPOSE_VERSION}`,
    ]);
    const { Dir } = JSON.parse(stdout) as { readonly Dir: string };
    const source = path.join(work, 'source');
    await cp(Dir, source, { recursive: true });
    await makeWritable(source);
    const env = { ...process.env, CGO_ENABLED: '0' };
    await run('go', ['build', '-trimpath', '-o', path.join(work, 'built'), './cmd'], { cwd: source, env });
    await rename(path.join(work, 'built'), program);
    return program;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Go keeps its modules read-only. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(path.join(folder, entry.name));
  }
}

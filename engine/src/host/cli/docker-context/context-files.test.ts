import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installContext, removeContext } from './context-files.ts';

/** By the SHA-256 of `longshore`. */
const META = 'contexts/meta/fb2b60e3bca7b8033c60dd6a95a0ccfee85372fd737853c1d2228170faf746d3/meta.json';

let configDir: string;
beforeEach(async () => {
  configDir = await mkdtemp(path.join(tmpdir(), 'longshore-context-'));
});
afterEach(() => rm(configDir, { recursive: true }));

describe('the context of docker(1)', () => {
  it('leads to the socket, and can be written again', async () => {
    await installContext(configDir, 'longshore', '/old/docker.sock');
    await installContext(configDir, 'longshore', '/run/docker.sock');
    expect(JSON.parse(await readFile(path.join(configDir, META), 'utf8'))).toMatchObject({
      Name: 'longshore',
      Endpoints: { docker: { Host: 'unix:///run/docker.sock' } },
    });
  });

  it('is gone once it is removed', async () => {
    await installContext(configDir, 'longshore', '/run/docker.sock');
    expect(await removeContext(configDir, 'longshore')).toBe(true);
    expect(await removeContext(configDir, 'longshore')).toBe(false);
  });

  it.each(['default', '../x', '', 'a/b'])('cannot be named %j', async (name) => {
    await expect(installContext(configDir, name, '/run/docker.sock')).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});

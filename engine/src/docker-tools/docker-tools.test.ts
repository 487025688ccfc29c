import { createServer } from 'node:http';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DockerTools } from './docker-tools.ts';

/** By the SHA-256 of `longshore`. */
const META = 'contexts/meta/fb2b60e3bca7b8033c60dd6a95a0ccfee85372fd737853c1d2228170faf746d3/meta.json';

const context = { signal: new AbortController().signal };
const longshore = { name: 'longshore' };

let configDir: string;
beforeEach(async () => {
  configDir = await mkdtemp(path.join(tmpdir(), 'longshore-docker-tools-'));
});
afterEach(() => rm(configDir, { recursive: true }));

function tools(socketPath = path.join(configDir, 'docker.sock'), env: Record<string, string> = {}) {
  return new DockerTools({ configDir, socketPath, env });
}

const config = async (): Promise<unknown> =>
  JSON.parse(await readFile(path.join(configDir, 'config.json'), 'utf8'));

describe("docker's context", () => {
  it('leads to the socket, and is written anew where it led elsewhere', async () => {
    await tools('/old/docker.sock').install('longshore');
    await expect(tools('/run/docker.sock').handlers.access(longshore, context)).resolves.toMatchObject({
      context: { name: 'longshore', host: 'unix:///old/docker.sock', leadsHere: false },
    });
    await expect(
      tools('/run/docker.sock').handlers.installContext(longshore, context),
    ).resolves.toMatchObject({
      context: { host: 'unix:///run/docker.sock', leadsHere: true },
      currentContext: 'default',
    });
    expect(JSON.parse(await readFile(path.join(configDir, META), 'utf8'))).toMatchObject({
      Name: 'longshore',
      Endpoints: { docker: { Host: 'unix:///run/docker.sock' } },
    });
  });

  it("is used and left, and the rest of docker's settings stays", async () => {
    const before = { auths: { 'r.example': { auth: 'YTpi' } }, psFormat: 'table {{.Names}}' };
    await writeFile(path.join(configDir, 'config.json'), JSON.stringify(before));
    const { handlers } = tools();
    await expect(handlers.useContext({ ...longshore, use: true }, context)).resolves.toMatchObject({
      context: { leadsHere: true },
      currentContext: 'longshore',
    });
    expect(await config()).toEqual({ ...before, currentContext: 'longshore' });
    await handlers.useContext({ ...longshore, use: false }, context);
    expect(await config()).toEqual(before);
  });

  it('that is not the current one is left as it is', async () => {
    await writeFile(path.join(configDir, 'config.json'), '{"currentContext":"work"}');
    await expect(tools().handlers.useContext({ ...longshore, use: false }, context)).resolves.toMatchObject({
      currentContext: 'work',
    });
  });

  it('is gone once it is removed, and docker goes back to its default', async () => {
    const docker = tools();
    await docker.handlers.useContext({ ...longshore, use: true }, context);
    expect(await docker.remove('longshore')).toBe(true);
    expect(await config()).toEqual({});
    expect(await docker.remove('longshore')).toBe(false);
    await expect(docker.handlers.access(longshore, context)).resolves.toMatchObject({
      context: { host: null, leadsHere: false },
      currentContext: 'default',
    });
  });

  it.each(['default', '../x', '', 'a/b'])('cannot be named %j', async (name) => {
    await expect(tools().handlers.installContext({ name }, context)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('that is damaged is none', async () => {
    const docker = tools();
    await docker.install('longshore');
    await writeFile(path.join(configDir, META), '{"Name":');
    await expect(docker.handlers.access(longshore, context)).resolves.toMatchObject({
      context: { host: null },
    });
  });
});

describe("docker's settings", () => {
  it('are written where a link leads', async () => {
    const elsewhere = path.join(configDir, 'dotfiles.json');
    await writeFile(elsewhere, '{}');
    await symlink(elsewhere, path.join(configDir, 'config.json'));
    await tools().handlers.useContext({ ...longshore, use: true }, context);
    expect(JSON.parse(await readFile(elsewhere, 'utf8'))).toEqual({ currentContext: 'longshore' });
  });

  it.each(['{"auths":', '[]', '"text"'])('that cannot be read are left alone: %s', async (text) => {
    await writeFile(path.join(configDir, 'config.json'), text);
    await expect(tools().handlers.useContext({ ...longshore, use: true }, context)).rejects.toMatchObject({
      code: 'failed-precondition',
    });
    expect(await readFile(path.join(configDir, 'config.json'), 'utf8')).toBe(text);
  });

  it.each([
    [{ DOCKER_HOST: 'tcp://other:2375', DOCKER_CONTEXT: 'work' }, 'DOCKER_HOST'],
    [{ DOCKER_HOST: '', DOCKER_CONTEXT: 'work' }, 'DOCKER_CONTEXT'],
  ])('have no say under %j', async (env, variable) => {
    const { override } = await tools(undefined, env).handlers.access(longshore, context);
    expect(override?.variable).toBe(variable);
  });
});

describe('the socket', () => {
  it('answers with the version of its API', async () => {
    const socketPath = path.join(configDir, 'api.sock');
    const server = createServer((_request, response) => response.setHeader('Api-Version', '1.51').end('OK'));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const { socket } = await tools(socketPath).handlers.access(longshore, context);
    server.close();
    expect(socket).toEqual({ status: 'answering', apiVersion: '1.51' });
  });

  it('that nobody listens on is silent, and says so', async () => {
    const { socket } = await tools().handlers.access(longshore, context);
    expect(socket).toMatchObject({ status: 'silent', error: { code: 'unavailable' } });
  });
});

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DockerConfig } from './docker-config.ts';
import { Keyring, PLAIN_VAULT, type Vault } from './keyring.ts';
import { SignIns } from './sign-ins.ts';

let folder: string;
let docker: DockerConfig;
const signal = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-credentials-'));
  docker = new DockerConfig(folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function config(content: unknown): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return writeFile(join(folder, 'config.json'), text);
}

/** A program on PATH that answers as it is written. */
async function helper(name: string, script: string): Promise<void> {
  const path = join(folder, `docker-credential-${name}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
}

const auth = Buffer.from('harbour:se:cret').toString('base64');

describe('what docker login has stored', () => {
  it('is read from the file, for Docker Hub under its first address', async () => {
    await config({ auths: { 'ghcr.io': { auth }, 'https://index.docker.io/v1/': { auth } } });
    const expected = { username: 'harbour', password: 'se:cret' };
    expect(await docker.find('ghcr.io', signal)).toEqual(expected);
    expect(await docker.find('docker.io', signal)).toEqual(expected);
    expect(await docker.find('quay.io', signal)).toBeNull();
    expect(await docker.list()).toEqual([
      { registry: 'ghcr.io', username: 'harbour' },
      { registry: 'docker.io', username: 'harbour' },
    ]);
  });

  it('may be a refresh token', async () => {
    await config({ auths: { 'acr.example': { auth, identitytoken: 'token' } } });
    expect(await docker.find('acr.example', signal)).toEqual({ identityToken: 'token' });
  });

  it('is asked of the program that keeps it', async () => {
    await config({ credHelpers: { 'ecr.example': 'one' }, credsStore: 'all' });
    await helper('one', `read key; echo "{\\"Username\\":\\"AWS\\",\\"Secret\\":\\"for $key\\"}"`);
    await helper('all', `echo '{"Username":"<token>","Secret":"refresh"}'`);
    expect(await docker.find('ecr.example', signal)).toEqual({
      username: 'AWS',
      password: 'for ecr.example',
    });
    expect(await docker.find('ghcr.io', signal)).toEqual({ identityToken: 'refresh' });
  });

  it('is nothing where the program knows nothing or is not installed', async () => {
    await config({ credHelpers: { 'a.example': 'ignorant', 'b.example': 'missing' } });
    await helper('ignorant', 'echo "credentials not found in native keychain"; exit 1');
    expect(await docker.find('a.example', signal)).toBeNull();
    expect(await docker.find('b.example', signal)).toBeNull();
  });

  it('is never quoted when it cannot be understood', async () => {
    await config({ credsStore: 'broken' });
    await helper('broken', 'echo "top-secret and no JSON"');
    const failure = docker.find('ghcr.io', signal);
    await expect(failure).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(failure).rejects.not.toThrow('top-secret');
    await config('{"auths": {"ghcr.io": {"auth": "top-secret"');
    await expect(docker.find('ghcr.io', signal)).rejects.not.toThrow('top-secret');
  });

  it.each(['../../evil', 'a/b', '', '-x'])('runs no program named %j', async (name) => {
    await config({ credsStore: name, auths: { 'ghcr.io': { auth } } });
    expect(await docker.find('ghcr.io', signal)).toMatchObject({ username: 'harbour' });
  });
});

describe('our own keyring', () => {
  /** Writes texts in hexadecimal digits, and knows its own. */
  const digits: Vault = {
    kind: 'digits',
    seal: (text) => Promise.resolve(Buffer.from(text).toString('hex')),
    open: (sealed) => Promise.resolve(Buffer.from(sealed, 'hex').toString()),
  };

  it('keeps sign-ins over a restart, and forgets them', async () => {
    const keyring = await Keyring.open(join(folder, 'sign-ins'), digits);
    await keyring.save('localhost:5000', 'harbour', 'secret');
    const again = await Keyring.open(join(folder, 'sign-ins'), digits);
    expect(await again.find('localhost:5000')).toEqual({ username: 'harbour', password: 'secret' });
    expect(await again.forget('localhost:5000')).toBe(true);
    expect(await again.forget('localhost:5000')).toBe(false);
    expect(await again.find('localhost:5000')).toBeNull();
  });

  it('says to sign in again when another vault sealed the password', async () => {
    const keyring = await Keyring.open(join(folder, 'sign-ins'), PLAIN_VAULT);
    await keyring.save('ghcr.io', 'harbour', 'secret');
    const other = await Keyring.open(join(folder, 'sign-ins'), digits);
    await expect(other.find('ghcr.io')).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('comes before what docker has stored', async () => {
    await config({ auths: { 'ghcr.io': { auth }, 'quay.io': { auth } } });
    const keyring = await Keyring.open(join(folder, 'sign-ins'), PLAIN_VAULT);
    const signIns = new SignIns(keyring, docker);
    await signIns.save('ghcr.io', 'own', 'secret');
    expect(await signIns.find('ghcr.io', signal)).toEqual({ username: 'own', password: 'secret' });
    expect(await signIns.find('quay.io', signal)).toMatchObject({ username: 'harbour' });
    expect(await signIns.list()).toEqual([
      { registry: 'ghcr.io', username: 'own', source: 'longshore' },
      { registry: 'quay.io', username: 'harbour', source: 'docker' },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { buildRequest } from '../../contract/build-request.ts';
import { Query } from '../server/query.ts';
import { buildSettings, gitContext } from './build-request.ts';

function settings(text: string, header?: string): ReturnType<typeof buildSettings> {
  return buildSettings(new Query(new URLSearchParams(text)), header);
}

function parameters(values: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(entries).toString();
}

describe('the parameters of a build', () => {
  it('of docker(1) without any flags ask for nothing', () => {
    const text = parameters({
      ...{
        buildargs: {},
        labels: {},
        ulimits: 'null',
        cachefrom: [],
        cgroupparent: '',
        networkmode: 'default',
      },
      ...{
        memory: '0',
        memswap: '0',
        cpushares: '0',
        cpuperiod: '0',
        cpuquota: '0',
        shmsize: '0',
        cpusetcpus: '',
      },
      ...{ rm: '1', version: '1', target: '', dockerfile: 'Dockerfile' },
    });
    const asked = buildRequest.parse({ context: { kind: 'upload' }, ...settings(text) });
    expect(asked).toEqual(buildRequest.parse({ context: { kind: 'upload' }, dockerfile: 'Dockerfile' }));
  });

  it('mean what they say', () => {
    const text = parameters({
      ...{ dockerfile: 'a/Dockerfile', target: 'final', nocache: '1', pull: 'true', networkmode: 'host' },
      ...{ buildargs: { A: 'b', UNKNOWN: null }, labels: { c: 'd' }, platform: 'linux/arm64/v8' },
      ...{ memory: '67108864', cpusetcpus: '0', shmsize: '1048576', cachefrom: ['old:1'] },
      ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }],
    });
    expect(settings(`t=x:1&t=y&extrahosts=h:1.2.3.4&${text}`)).toMatchObject({
      ...{ dockerfile: 'a/Dockerfile', target: 'final', noCache: true, pull: true, network: 'host' },
      ...{ tags: ['x:1', 'y'], extraHosts: ['h:1.2.3.4'], buildArgs: { A: 'b' }, labels: { c: 'd' } },
      platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      ...{ shmSizeBytes: 1_048_576, resources: { memoryBytes: 67_108_864, cpusetCpus: '0' } },
      ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
      cacheFrom: [{ type: 'inline', reference: 'old:1' }],
    });
  });

  it.each([
    ['squash=1', 400, /squash/],
    ['version=2', 501, /BuildKit/],
    ['session=abc', 501, /sessions/],
    ['cgroupparent=/x', 501, /cgroup/],
    ['securityopt=["seccomp=unconfined"]', 501, /security/],
    ['isolation=hyperv', 400, /isolation/],
    ['networkmode=container:x', 400, /networkmode/],
    ['outputs=[{"Type":"tar"}]', 400, /outputs/],
  ])('%s are refused', (text, status, message) => {
    expect(() => settings(text)).toThrow(
      expect.objectContaining({ status, message: expect.stringMatching(message) as string }),
    );
  });

  it('have sign-ins by host beside them', () => {
    const documents = {
      'https://index.docker.io/v1/': { username: 'a', password: 'b' },
      'registry.example:5000': { username: 'c', password: 'd' },
      'token.example': { identitytoken: 'x' },
    };
    const header = Buffer.from(JSON.stringify(documents)).toString('base64url');
    expect(settings('', header).credentials).toEqual({
      'docker.io': { username: 'a', password: 'b' },
      'registry.example:5000': { username: 'c', password: 'd' },
    });
  });
});

describe('a remote context', () => {
  it.each([
    'https://example.com/a/b.git',
    'https://example.com/a/b.git#main:sub',
    'git://example.com/a',
    'git@example.com:a/b',
    'github.com/a/b',
  ])('%s is a git repository', (url) => {
    expect(gitContext(url)).toEqual({ kind: 'git', url });
  });

  it.each(['https://example.com/context.tar.gz', 'http://example.com/Dockerfile'])('%s is none', (url) => {
    expect(gitContext(url)).toBeUndefined();
  });
});

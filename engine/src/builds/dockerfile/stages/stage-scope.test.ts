import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../parsing/parse-dockerfile.ts';
import { automaticArgs, proxyArgs } from './build-variables.ts';
import { globalScope } from './global-scope.ts';
import { StageScope } from './stage-scope.ts';

const VARIABLES = {
  buildPlatform: { os: 'linux', architecture: 'x86_64' },
  targetPlatform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
  target: null,
} as const;

type Values = Readonly<Record<string, string>>;

/** Rows without build arguments and without a base image's variables have none. */
const withValues = (rows: readonly (readonly [string, string | undefined, Values?, Values?])[]) =>
  rows.map(([source, expected, buildArgs = {}, base = {}]) => [source, expected, buildArgs, base] as const);

/** What `$X` is at the end of the last stage. */
function valueOf(
  source: string,
  buildArgs: Readonly<Record<string, string>> = {},
  base: Readonly<Record<string, string>> = {},
) {
  const file = parseDockerfile(source);
  const args = new Map(Object.entries(buildArgs));
  const globals = globalScope(file, { ...VARIABLES, buildArgs: args });
  const environment = new Map(Object.entries(base));
  const scopes: StageScope[] = [];
  for (const stage of file.stages) {
    const below = file.stages.find(({ name }) => name === stage.from.image.text);
    const options = { escape: file.directives.escape, globals, buildArgs: args, environment };
    const scope = (below && scopes[below.index]?.child()) ?? new StageScope(options);
    for (const instruction of stage.instructions) scope.advance(instruction);
    scopes.push(scope);
  }
  return scopes.at(-1)?.lookup('X');
}

describe('the value of a variable', () => {
  it.each(
    withValues([
      ['FROM a', undefined],
      ['FROM a\nARG X', undefined],
      ['FROM a\nARG X=1', '1'],
      ['FROM a\nARG X=1', '2', { X: '2' }],
      ['FROM a\nARG X', '2', { X: '2' }],
      ['FROM a', undefined, { X: '2' }],
      ['ARG X=1\nFROM a', undefined],
      ['ARG X=1\nFROM a\nARG X', '1'],
      ['ARG X=1\nFROM a\nARG X=3', '3'],
      ['ARG X=1\nFROM a\nARG X', '2', { X: '2' }],
      ['FROM a\nARG X=1\nENV X=4', '4'],
      ['FROM a\nARG X=1\nENV X=4', '4', { X: '2' }],
      ['FROM a\nENV X=4\nARG X=1', '4'],
      ['FROM a\nARG X=1\nENV X=v$X', 'v1'],
      ['FROM a\nARG X', '5', {}, { X: '5' }],
      ['FROM a\nENV X=1 Y=$X\nENV X=$Y.', '.'],
      ['FROM a\nARG Y=1 X=$Y', '1'],
      ['FROM a AS b\nARG X=1\nFROM b', '1'],
      ['FROM a AS b\nENV X=1\nFROM b\nENV X=${X}2', '12'],
      ['FROM a AS b\nARG X=1\nFROM a', undefined],
      ['FROM a\nARG TARGETARCH\nENV X=$TARGETARCH', 'arm64'],
      ['FROM a\nENV X=$TARGETARCH', ''],
      ['FROM a\nARG BUILDPLATFORM TARGETVARIANT\nENV X=$BUILDPLATFORM$TARGETVARIANT', 'linux/amd64'],
      ['FROM a\nARG TARGETARCH\nENV X=$TARGETARCH', 'mine', { TARGETARCH: 'mine' }],
      ['FROM a\nENV X=$HTTP_PROXY', '', { HTTP_PROXY: 'p' }],
      ['FROM a AS last\nARG TARGETSTAGE\nENV X=$TARGETSTAGE', 'last'],
    ]),
  )('%j is %j', (source, expected, buildArgs, base) => {
    expect(valueOf(source, buildArgs, base)).toBe(expected);
  });
});

describe('arguments that are there by themselves', () => {
  it('are those of the platforms and of the target', () => {
    expect(Object.fromEntries(automaticArgs({ ...VARIABLES, buildArgs: new Map() }, null))).toEqual({
      BUILDPLATFORM: 'linux/amd64',
      BUILDOS: 'linux',
      BUILDOSVERSION: '',
      BUILDARCH: 'amd64',
      BUILDVARIANT: '',
      TARGETPLATFORM: 'linux/arm64',
      TARGETOS: 'linux',
      TARGETOSVERSION: '',
      TARGETARCH: 'arm64',
      TARGETVARIANT: '',
      TARGETSTAGE: 'default',
    });
  });

  it('are the proxies among the build arguments, in both cases', () => {
    const args = new Map(Object.entries({ http_proxy: 'a', NO_PROXY: 'b', Http_Proxy: 'c', X: 'd' }));
    expect([...proxyArgs(args).keys()]).toEqual(['http_proxy', 'NO_PROXY']);
  });
});

import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../errors/index.ts';
import { parseDockerfile } from '../parsing/parse-dockerfile.ts';
import { parseTrigger } from '../parsing/parse-trigger.ts';
import { planStages, type PlanOptions } from './plan-stages.ts';
import type { StageSource } from './stage-plan.ts';

const OPTIONS: PlanOptions = {
  buildArgs: new Map(),
  buildPlatform: { os: 'linux', architecture: 'amd64' },
  targetPlatform: { os: 'linux', architecture: 'arm', variant: 'v7' },
  target: null,
};

const plan = (source: string, options: Partial<PlanOptions> = {}) =>
  planStages(parseDockerfile(source), { ...OPTIONS, ...options });

/** Rows without options have none. */
const withOptions = <T>(rows: readonly (readonly [string, T, Partial<PlanOptions>?])[]) =>
  rows.map(([source, expected, options = {}]) => [source, expected, options] as const);

function shown(source: StageSource): string {
  switch (source.kind) {
    case 'scratch':
      return 'scratch';
    case 'stage':
      return `stage ${source.index}`;
    case 'context':
      return `context ${source.name}`;
    case 'image':
      return `image ${source.reference}`;
  }
}

const bases = (source: string, options: Partial<PlanOptions> = {}): readonly string[] =>
  plan(source, options).stages.map(({ base }) => shown(base));

describe('bases', () => {
  it.each(
    withOptions<readonly string[]>([
      ['FROM debian', ['image debian']],
      ['FROM scratch', ['scratch']],
      ['FROM a AS b\nFROM b', ['image a', 'stage 0']],
      ['FROM a AS Build\nFROM build', ['image a', 'stage 0']],
      ['FROM a AS a\nFROM a', ['image a', 'stage 0']],
      ['FROM a AS x\nFROM b AS x\nFROM x', ['image a', 'image b', 'stage 1']],
      ['ARG V=12\nFROM debian:$V', ['image debian:12']],
      ['ARG V=12\nFROM debian:$V', ['image debian:11'], { buildArgs: new Map([['V', '11']]) }],
      ['ARG A=x\nARG B=$A-y\nFROM $B', ['image x-y']],
      ['ARG V\nFROM debian${V:+:$V}', ['image debian']],
      ['FROM img:$TARGETARCH-$BUILDARCH$TARGETVARIANT', ['image img:arm-amd64v7']],
      ['ARG S=one\nFROM a AS one\nFROM $S', ['image a', 'stage 0']],
      ['FROM alpine', ['context alpine'], { contexts: new Set(['alpine']) }],
      ['FROM docker.io/library/alpine:latest', ['context alpine'], { contexts: new Set(['alpine']) }],
      ['FROM alpine:3', ['image alpine:3'], { contexts: new Set(['alpine']) }],
      ['FROM a AS b\nFROM b', ['context b', 'stage 0'], { contexts: new Set(['b']) }],
    ]),
  )('%j', (source, expected, options) => {
    expect(bases(source, options)).toEqual(expected);
  });

  it('have the platform of FROM, or of the stage below', () => {
    const { stages } = plan('FROM --platform=$BUILDPLATFORM a AS x\nFROM x\nFROM --platform=arm64 b\nFROM c');
    expect(stages.map(({ platform }) => platform && `${platform.os}/${platform.architecture}`)).toEqual([
      'linux/amd64',
      'linux/amd64',
      'linux/arm64',
      null,
    ]);
  });
});

describe('sources', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['FROM a AS x\nFROM b\nCOPY --from=x c d', { x: 'stage 0' }],
    ['FROM a\nFROM b\nCOPY --from=0 c d', { '0': 'stage 0' }],
    ['FROM a\nCOPY --from=busybox:1 c d', { 'busybox:1': 'image busybox:1' }],
    ['FROM a AS x\nFROM b\nRUN --mount=from=x,target=/x y', { x: 'stage 0' }],
    ['FROM a\nRUN --mount=type=cache,from=scratch,target=/x y', { scratch: 'scratch' }],
    ['FROM a AS x\nONBUILD COPY --from=i c d\nFROM x', { i: 'image i' }],
  ])('%j', (source, expected) => {
    const { sources } = plan(source).target;
    expect(Object.fromEntries([...sources].map(([name, value]) => [name, shown(value)]))).toEqual(expected);
  });
});

describe('what is needed', () => {
  const FILE = [
    'FROM a AS deps',
    'FROM a AS unused',
    'FROM deps AS build',
    'FROM a AS tools',
    'FROM scratch AS final',
    'COPY --from=build a b',
    'RUN --mount=from=tools,target=/t x',
    'FROM final AS debug',
  ].join('\n');

  it.each<readonly [string | null, readonly string[]]>([
    [null, ['deps', 'build', 'tools', 'final', 'debug']],
    ['final', ['deps', 'build', 'tools', 'final']],
    ['FINAL', ['deps', 'build', 'tools', 'final']],
    ['unused', ['unused']],
    ['2', ['deps', 'build']],
  ])('for the target %j are %j', (target, expected) => {
    expect(plan(FILE, { target }).needed.map(({ stage }) => stage.name)).toEqual(expected);
  });

  it('holds what triggers of a base image need', () => {
    const triggers = new Map([[2, [parseTrigger('COPY --from=unused a b')]]]);
    const planned = plan('FROM a AS unused\nFROM a AS other\nFROM b', { triggers });
    expect(planned.needed.map(({ stage }) => stage.index)).toEqual([0, 2]);
    expect(planned.target.instructions.map(({ kind }) => kind)).toEqual(['copy']);
  });
});

describe('what cannot be planned', () => {
  it.each(
    withOptions<string>([
      ['FROM $X', 'Line 1, column 6: The image "$X" has an empty name.'],
      ['FROM UPPER', 'Line 1, column 6: "UPPER" is not an image name'],
      ['ARG V=${X:?tell}\nFROM a', 'Line 1, column 7: X: tell'],
      ['FROM --platform=a/b/c/d x', 'Line 1, column 17: "a/b/c/d" is no platform.'],
      ['FROM a\nCOPY --from=0 b c', 'Line 2, column 13: There is no stage 0 above this one.'],
      ['FROM a AS x\nCOPY --from=x b c', 'Line 2, column 13: The stage x is not above'],
      [
        'FROM a\nRUN --mount=from=late,target=/b c\nFROM d AS late',
        'Line 2, column 13: The stage late is not above',
      ],
      ['FROM a AS build', 'There is no stage "biuld". Did you mean build?', { target: 'biuld' }],
      ['FROM a', 'There is no stage "1".', { target: '1' }],
    ]),
  )('%j', (source, message, options) => {
    expect(() => plan(source, options)).toThrow(EngineError);
    expect(() => plan(source, options)).toThrow(message);
  });
});

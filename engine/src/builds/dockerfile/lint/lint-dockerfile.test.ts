import { describe, expect, it } from 'vitest';
import { IgnoreRules } from '../../dockerignore/index.ts';
import { parseDockerfile } from '../parsing/parse-dockerfile.ts';
import { DockerfileError } from '../problems/dockerfile-error.ts';
import { lintBaseImagePlatform } from './base-image-platform.ts';
import { lintDockerfile } from './lint-dockerfile.ts';
import type { LintOptions } from './lint-options.ts';
import { LINT_RULES, type LintRule, ruleUrl } from './rules.ts';

const OPTIONS: LintOptions = {
  buildArgs: new Map(),
  buildPlatform: { os: 'linux', architecture: 'amd64' },
  targetPlatform: { os: 'linux', architecture: 'amd64' },
  target: null,
};

const lint = (source: string, options: Partial<LintOptions> = {}) =>
  lintDockerfile(parseDockerfile(source), { ...OPTIONS, ...options });

/** `line:column Rule` of each warning. */
const found = (source: string, options: Partial<LintOptions> = {}): readonly string[] =>
  lint(source, options).warnings.map(({ range: { start }, rule }) => `${start.line}:${start.column} ${rule}`);

/** Rows without options have none. */
const withOptions = (rows: readonly (readonly [string, readonly string[], Partial<LintOptions>?])[]) =>
  rows.map(([source, expected, options = {}]) => [source, expected, options] as const);

const ignore = (text: string): Partial<LintOptions> => ({ ignore: IgnoreRules.parse(text) });

describe('warnings', () => {
  it.each(
    withOptions([
      ['FROM scratch\nCOPY a /b\nCMD ["/b"]', []],
      // Cases of letters
      ['FROM scratch AS Build', ['1:17 StageNameCasing']],
      ['FROM scratch as build', ['1:14 FromAsCasing']],
      ['from scratch AS build', ['1:14 FromAsCasing']],
      ['FROM scratch\nCOPY a b\nuser c', ['3:1 ConsistentInstructionCasing']],
      ['FROM scratch\nCopy a b', ['2:1 ConsistentInstructionCasing']],
      ['from scratch\nuser c\nUSER d', ['3:1 ConsistentInstructionCasing']],
      // Stages
      ['FROM scratch AS a\nFROM scratch AS a', ['2:17 DuplicateStageName']],
      ['FROM scratch AS context', ['1:17 ReservedStageName']],
      ['FROM a AS scratch', ['1:11 ReservedStageName']],
      // Instructions
      ['FROM scratch\nMAINTAINER me', ['2:1 MaintainerDeprecated']],
      ['FROM scratch\nENV A b', ['2:1 LegacyKeyValueFormat']],
      ['FROM scratch\nLABEL a b', ['2:1 LegacyKeyValueFormat']],
      ['FROM scratch\nARG API_KEY=x', ['2:5 SecretsUsedInArgOrEnv']],
      ['FROM scratch\nENV A=1 DB_PASSWORD=x', ['2:9 SecretsUsedInArgOrEnv']],
      ['FROM scratch\nARG PUBLIC_KEY\nARG TOKEN_FILE\nARG MONKEY\nARG KEY_VERSION', []],
      ['FROM scratch\nUSER a\\\n\n\nb', ['3:1 NoEmptyContinuation', '4:1 NoEmptyContinuation']],
      // Commands
      ['FROM scratch\nCMD a', ['2:1 JSONArgsRecommended']],
      ['FROM scratch\nENTRYPOINT a', ['2:1 JSONArgsRecommended']],
      ['FROM scratch\nSHELL ["/x"]\nCMD a', []],
      ['FROM scratch AS a\nSHELL ["/x"]\nFROM a\nCMD a', []],
      ['FROM scratch\nHEALTHCHECK CMD a', []],
      ['FROM scratch\nCMD ["a"]\nCMD ["b"]', ['2:1 MultipleInstructionsDisallowed']],
      ['FROM scratch\nHEALTHCHECK NONE\nHEALTHCHECK NONE', ['2:1 MultipleInstructionsDisallowed']],
      ['FROM scratch AS a\nCMD ["a"]\nFROM a\nCMD ["b"]', []],
      // Working folder
      ['FROM scratch\nWORKDIR a', ['2:9 WorkdirRelativePath']],
      ['FROM scratch\nWORKDIR /a\nWORKDIR b', []],
      ['FROM scratch\nWORKDIR a\nWORKDIR b', ['2:9 WorkdirRelativePath']],
      ['FROM scratch AS a\nWORKDIR /a\nFROM a\nWORKDIR b', []],
      ['FROM scratch\nENV D=/d\nWORKDIR $D', []],
      // Ports
      ['FROM scratch\nEXPOSE 80/TCP', ['2:8 ExposeProtoCasing']],
      ['FROM scratch\nEXPOSE 1 80:80', ['2:10 ExposeInvalidFormat']],
      ['FROM scratch\nEXPOSE 127.0.0.1:80:80/Udp', ['2:8 ExposeProtoCasing', '2:8 ExposeInvalidFormat']],
      // Variables
      ['FROM scratch\nCOPY $src /', ['2:6 UndefinedVar']],
      ['FROM scratch\nARG src\nCOPY $src a /', []],
      ['FROM scratch\nCOPY $PATH /', []],
      ['FROM scratch\nCOPY a$x b$x /', ['2:6 UndefinedVar']],
      ['FROM debian\nCOPY $src /', []],
      [
        'FROM debian\nCOPY $src /',
        ['2:6 UndefinedVar'],
        { imageOf: () => ({ environment: new Map(), hasShell: false }) },
      ],
      [
        'FROM debian\nCOPY $V /',
        [],
        { imageOf: () => ({ environment: new Map([['V', '1']]), hasShell: false }) },
      ],
      ['FROM debian\nCMD a', [], { imageOf: () => ({ environment: new Map(), hasShell: true }) }],
      ['FROM scratch\nRUN echo $x', []],
      // FROM
      ['FROM a:${V:-1}', ['1:6 UndefinedArgInFrom']],
      ['ARG V\nFROM a:${V:-1}', []],
      ['FROM --platform=${PLAT:-linux/amd64} a', ['1:17 UndefinedArgInFrom']],
      ['FROM --platform=$TARGETPLATFORM a', ['1:17 RedundantTargetPlatform']],
      ['FROM --platform=$BUILDPLATFORM a', []],
      ['FROM --platform=linux/arm64 a', ['1:17 FromPlatformFlagConstDisallowed']],
      ['FROM --platform=linux/arm64 a AS build-arm64', []],
      ['ARG V\nFROM a:$V', ['2:6 InvalidDefaultArgInFrom'], { buildArgs: new Map([['V', '1']]) }],
      ['ARG V=1\nFROM a:$V', []],
      // .dockerignore
      ['FROM scratch\nCOPY a b /', ['2:8 CopyIgnoredFile'], ignore('b')],
      ['FROM scratch\nADD ./b/c /', ['2:5 CopyIgnoredFile'], ignore('b')],
      ['FROM scratch\nCOPY b /', [], ignore('b\n!b/c')],
      ['FROM scratch\nCOPY . /', ['2:6 CopyIgnoredFile'], ignore('*')],
      ['FROM scratch\nCOPY . /', [], ignore('b')],
      ['FROM scratch\nADD https://x/b /', [], ignore('**')],
      ['FROM scratch AS a\nFROM scratch\nCOPY --from=a b /', [], ignore('b')],
      // Descriptions, which are experimental
      ['# words\nFROM scratch AS a', []],
      ['# check=experimental=all\n\n# words\nFROM scratch AS a', ['4:1 InvalidDefinitionDescription']],
      ['# check=experimental=all\n\n# a is it\nFROM scratch AS a', []],
      ['# check=experimental=all\n\n# words\n\nFROM scratch AS a', []],
      ['# check=experimental=all\n\n# words\nARG A B\nFROM scratch', ['4:1 InvalidDefinitionDescription']],
      ['# check=experimental=all\n\n# B is it\nARG A B\nFROM scratch', []],
      // Directives
      ['# check=skip=StageNameCasing\nFROM scratch AS A', []],
      ['# check=skip=stagenamecasing\nFROM scratch AS A', ['2:17 StageNameCasing']],
      ['# check=skip=all\nFROM scratch as A\nCMD a', []],
      ['FROM scratch\n# check=skip=JSONArgsRecommended\nCMD a', []],
      ['FROM scratch\n# check=nonsense\nCMD a', ['3:1 JSONArgsRecommended']],
      // Targets
      ['FROM scratch AS a\nCMD a\nFROM scratch AS b\nCMD b', ['2:1 JSONArgsRecommended'], { target: 'a' }],
    ]),
  )('%j has %j', (source, expected, options) => {
    expect(found(source, options)).toEqual(expected);
  });

  it('suggest the name that was meant', () => {
    expect(lint('FROM scratch\nARG VERSION=1\nCOPY $VERSOIN /').warnings[0]?.message).toBe(
      "Usage of undefined variable '$VERSOIN' (did you mean $VERSION?)",
    );
  });

  it('are told beside what would stop the build', () => {
    const { warnings, error } = lint('ARG TAG\nFROM busybox:$TAG AS Base');
    expect(warnings.map(({ rule }) => rule)).toEqual(['InvalidDefaultArgInFrom', 'StageNameCasing']);
    expect(error).toBeInstanceOf(DockerfileError);
    expect(error?.message).toContain('Line 2, column 6: "busybox:" is not an image name');
    expect(lint('FROM scratch').error).toBeNull();
  });

  it('fail the build when the file says so', () => {
    expect(lint('# check=error=true\nFROM scratch AS A').failed).toBe(true);
    expect(lint('# check=error=true\nFROM scratch AS a').failed).toBe(false);
    expect(lint('FROM scratch AS A').failed).toBe(false);
  });

  it.each(['skip', 'what=x', 'error=maybe'])('cannot be set by check=%s', (check) => {
    expect(() => lint(`# check=${check}\nFROM scratch`)).toThrow(DockerfileError);
    expect(() => lint(`# check=${check}\nFROM scratch`)).toThrow('Line 1, column 9');
  });
});

describe('a base image', () => {
  const { from } = parseDockerfile('FROM debian').stages[0]!;
  const settings = { skip: new Set<string>(), experimental: new Set<string>(), error: false };

  it('of another platform than expected has a warning', () => {
    const [amd64, arm64] = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }));
    expect(lintBaseImagePlatform(from, amd64!, arm64!, settings)?.rule).toBe('InvalidBaseImagePlatform');
    expect(lintBaseImagePlatform(from, amd64!, amd64!, settings)).toBeNull();
    expect(lintBaseImagePlatform(from, amd64!, arm64!, { ...settings, skip: 'all' })).toBeNull();
  });
});

describe('rules', () => {
  it.each<readonly [LintRule, string]>([
    ['JSONArgsRecommended', 'json-args-recommended'],
    ['FromPlatformFlagConstDisallowed', 'from-platform-flag-const-disallowed'],
    ['SecretsUsedInArgOrEnv', 'secrets-used-in-arg-or-env'],
  ])('%s is explained at %s', (rule, page) => {
    expect(ruleUrl(rule)).toBe(`https://docs.docker.com/go/dockerfile/rule/${page}/`);
    expect(Object.keys(LINT_RULES)).toContain(rule);
  });
});

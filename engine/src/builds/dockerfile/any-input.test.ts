import { describe, expect, it } from 'vitest';
import { EngineError } from '../../errors/index.ts';
import { IgnoreRules } from '../dockerignore/index.ts';
import { lintDockerfile, parseDockerfile, parseTrigger, planStages } from './index.ts';

const ROUNDS = 600;
/** Milliseconds; each takes a small part of it, also on a machine that is busy. */
const BOUND = 60_000;

const SEED = `# syntax=docker/dockerfile:1
# check=skip=StageNameCasing;error=true
ARG BASE=debian:12 TAG="\${BASE#*:}"
FROM --platform=$BUILDPLATFORM \${BASE:-scratch} AS build
ARG TAG
ENV A=1 B="x \\"y\\"" C=\${TAG//1/\${A:+z}}
ENV OLD value here
LABEL org.x="a b" y='c'
SHELL ["/bin/bash", "-c"]
RUN --mount=type=cache,target=/c,sharing=locked --mount=type=secret,id=s --network=none make \\
  # inside
  -j4
RUN <<EOF bash && cat <<-"E2"
echo $A
EOF
	tabbed
	E2
COPY --chown=1:2 --chmod=u=rw --link --exclude=*.o ["a b", "c/"]
ADD --checksum=sha256:00 https://x/y /z
ONBUILD COPY <<X /x
hello \${A%?}
X
FROM scratch
COPY --from=build --parents /a/./b /c
EXPOSE 80/tcp 9000-9010
VOLUME /v
USER 1:2
WORKDIR /w
HEALTHCHECK --interval=1m30s --retries=3 CMD ["a"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/e"]
CMD a
`;

const CHARACTERS = [...Array.from('${}"\'`\\\n\t []{},=#/*?!\0\uFEFF\u0085🚀'), '\r\n', '\uD800'];
const WORDS = [
  '<<',
  '<<-',
  '<<E',
  '\nE\n',
  '--',
  '//',
  ':-',
  ':?',
  '%%',
  '##',
  '${',
  '["',
  '"]',
  '--mount=type=',
];
const KEYWORDS = [
  'FROM a\n',
  'ONBUILD ',
  'RUN ',
  'COPY --from=',
  'HEALTHCHECK ',
  'ARG ',
  'ENV ',
  '# escape=`\n',
];
const FRAGMENTS = [...CHARACTERS, ...WORDS, ...KEYWORDS];

/** Numbers that are the same in every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutated(text: string, next: (below: number) => number): string {
  let result = text;
  for (let edits = 1 + next(6); edits > 0; edits--) {
    const at = next(result.length + 1);
    const [cut, other, length] = [next(30), next(result.length + 1), next(60)];
    const fragment = FRAGMENTS[next(FRAGMENTS.length)] ?? '';
    const inserted = next(2) === 0 ? fragment : result.slice(other, other + length);
    result = result.slice(0, at) + inserted + result.slice(next(2) === 0 ? at : at + cut);
  }
  return result;
}

function randomText(next: (below: number) => number): string {
  const bytes = Uint8Array.from({ length: next(400) }, () => next(256));
  const text = new TextDecoder().decode(bytes);
  return next(2) === 0 ? text : `FROM a\n${text}`;
}

/** Everything that reads a Dockerfile; an EngineError is an answer, all else is a bug. */
function readWholly(text: string): 'read' | 'refused' {
  const options = {
    buildArgs: new Map([['TAG', '*?[x']]),
    buildPlatform: { os: 'linux', architecture: 'amd64' },
    targetPlatform: { os: 'linux', architecture: 'arm64' },
    target: null,
    imageOf: () => ({ environment: new Map([['PATH', '/bin']]), hasShell: false }),
  };
  try {
    const file = parseDockerfile(text);
    const { error } = lintDockerfile(file, options);
    if (error !== null) throw error;
    planStages(file, options);
    return 'read';
  } catch (error) {
    if (error instanceof EngineError && error.code === 'invalid-argument') return 'refused';
    throw error;
  }
}

describe('any text', { timeout: BOUND }, () => {
  it('that this test begins with is a Dockerfile', () => {
    expect(readWholly(SEED)).toBe('read');
  });

  it('made of random bytes is read or refused', () => {
    const next = numbers(1);
    const answers = Array.from({ length: ROUNDS }, () => readWholly(randomText(next)));
    expect(answers).toContain('refused');
  });

  it('made of a Dockerfile with changes is read or refused', () => {
    const next = numbers(2);
    const answers = Array.from({ length: ROUNDS }, () => readWholly(mutated(SEED, next)));
    expect(new Set(answers)).toEqual(new Set(['read', 'refused']));
  });

  it('that a trigger was read from is read as the same from an image', () => {
    const triggers = parseDockerfile(SEED).stages.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) => (instruction.kind === 'onbuild' ? [instruction] : [])),
    );
    const again = triggers.map(({ expression }) => parseTrigger(expression).source);
    expect(again).toEqual(triggers.map(({ trigger }) => trigger.source));
  });

  it('is a .dockerignore or refused', () => {
    const next = numbers(3);
    const answers = Array.from({ length: ROUNDS }, () => {
      try {
        const rules = IgnoreRules.parse(mutated('*.md\n!README.md\n**/x[a-z]?\n#c\n/a/../b/**', next));
        return typeof rules.match('a/b/xq1/README.md').ignored;
      } catch (error) {
        if (error instanceof EngineError) return 'refused';
        throw error;
      }
    });
    expect(new Set(answers)).toEqual(new Set(['boolean', 'refused']));
  });
});

describe('text that is hard to read', { timeout: BOUND }, () => {
  const LENGTH = 200_000;

  it.each<readonly [string, string]>([
    ['open braces', `ENV A=${'${A:-'.repeat(LENGTH)}`],
    ['open brackets', `CMD ${'['.repeat(LENGTH)}`],
    ['nested JSON', `CMD ${'['.repeat(LENGTH)}${']'.repeat(LENGTH)}`],
    ['quotes', `ENV A=${`"'`.repeat(LENGTH)}`],
    ['escapes', `ENV A=${'\\'.repeat(LENGTH)}`],
    ['blanks', `RUN${' '.repeat(LENGTH)}x${'\t '.repeat(LENGTH)}`],
    ['continuations', `RUN x${' \\\n'.repeat(LENGTH / 4)}`],
    ['blank continued lines', `RUN x \\${'\n'.repeat(LENGTH / 4)}y`],
    ['here-documents', `RUN ${'<<E '.repeat(2000)}\n${'E\n'.repeat(2000)}`],
    ['signs of here-documents', `RUN ${'<'.repeat(LENGTH)}`],
    ['flags', `COPY ${'--exclude=a '.repeat(LENGTH / 10)} a b`],
    ['mount options', `RUN --mount=${'target=/a,'.repeat(LENGTH / 10)}target=/b x`],
    ['triggers', `ONBUILD ${'ONBUILD '.repeat(LENGTH / 8)}`],
    ['ports', `EXPOSE ${'80 '.repeat(LENGTH / 3)}`],
    ['comments', '# c\n'.repeat(LENGTH / 4)],
    ['an unknown word', 'x'.repeat(LENGTH)],
  ])('%s', (_name, text) => {
    expect(['read', 'refused']).toContain(readWholly(`FROM a\n${text}`));
  });
});

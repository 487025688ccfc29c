import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../../errors/index.ts';
import { COUNTED_FUZZ_OPTIONS, FUZZ_OPTIONS, FUZZ_TIMEOUT } from '../../testing/fuzzing/fuzz-options.ts';
import { decodedBytes, mutatedText } from '../../testing/fuzzing/mutated-text.ts';
import { StepCounter } from '../../testing/fuzzing/step-counter.ts';
import { lintDockerfile, parseDockerfile, parseTrigger, planStages } from './index.ts';

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

/** So short that a change stands alone. */
const SMALL = 'FROM a AS b\nARG X=1\nRUN <<E\necho ${X:-y}\nE\nCOPY --link c /d\n';

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
const DICTIONARY = [...CHARACTERS, ...WORDS, ...KEYWORDS];

/**
 * Steps that reading and checking a Dockerfile may take, for each character of it and for a file without any. A whole
 * file of the worst character takes a third of it.
 */
const STEPS_PER_CHARACTER = 300;
const STEPS_AT_LEAST = 200_000;

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

const changed = mutatedText([SEED, SMALL], DICTIONARY);

describe('any text', { timeout: FUZZ_TIMEOUT }, () => {
  it('that this test begins with is a Dockerfile', () => {
    expect(readWholly(SEED)).toBe('read');
  });

  it('made of random bytes is read or refused', () => {
    const bytes = decodedBytes();
    const inside = bytes.map((text) => `FROM a\n${text}`);
    fc.assert(
      fc.property(fc.oneof(bytes, inside), (text) => void readWholly(text)),
      FUZZ_OPTIONS,
    );
  });

  it('made of a Dockerfile with changes is read or refused', () => {
    fc.assert(
      fc.property(changed, (text) => void readWholly(text)),
      FUZZ_OPTIONS,
    );
  });

  it('with few changes is often read: the changes reach behind the first line', () => {
    const answers = fc.sample(mutatedText([SMALL], DICTIONARY), { numRuns: 300, seed: 1 }).map(readWholly);
    expect(answers.filter((answer) => answer === 'read').length).toBeGreaterThan(30);
  });

  it('that a trigger was read from is read as the same from an image', () => {
    const triggers = parseDockerfile(SEED).stages.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) => (instruction.kind === 'onbuild' ? [instruction] : [])),
    );
    const again = triggers.map(({ expression }) => parseTrigger(expression).source);
    expect(again).toEqual(triggers.map(({ trigger }) => trigger.source));
  });
});

describe('the steps that a text takes', { timeout: FUZZ_TIMEOUT }, () => {
  const LENGTH = 200_000;
  let counter: StepCounter;
  beforeAll(() => {
    counter = new StepCounter('/builds/');
  });
  afterAll(() => counter.dispose());

  function readInBounds(text: string): void {
    const steps = counter.count(() => void readWholly(text));
    expect(steps).toBeLessThan(STEPS_AT_LEAST + text.length * STEPS_PER_CHARACTER);
  }

  it('are counted', () => {
    const steps = ['FROM a', 'FROM a\nRUN b', 'FROM a\nRUN b\nRUN c'].map((text) =>
      counter.count(() => void readWholly(text)),
    );
    expect(steps).toEqual(steps.toSorted((left, right) => left - right));
    expect(new Set(steps).size).toBe(3);
  });

  it('are as many as it is long, whatever it is', () => {
    fc.assert(fc.property(changed, readInBounds), COUNTED_FUZZ_OPTIONS);
  });

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
    readInBounds(`FROM a\n${text}`);
  });
});

import { describe, expect, it } from 'vitest';
import { EngineError, type WireError } from '../../errors/index.ts';
import type { BuildEvent, BuildStep } from '../../types/index.ts';
import { buildFailure, FailedCommand } from './build-failure.ts';
import { BuildLines } from './build-lines.ts';

const IMAGE = `sha256:${'ab'.repeat(32)}`;

function step(index: number, instruction: string): BuildStep {
  return { index, name: '', stage: '0', instruction, line: index + 1, inputs: [] };
}

const PLANNED: BuildEvent = {
  type: 'planned',
  steps: [step(0, 'FROM busybox'), step(1, 'RUN make'), step(2, 'COPY . /')],
  warnings: [],
};

const started = (index: number): BuildEvent => ({ type: 'step-started', step: index, at: '', miss: null });

function log(index: number, text: string | Uint8Array): BuildEvent {
  const data = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { type: 'step-log', step: index, stream: 'stdout', data };
}

function ended(
  index: number,
  state: 'done' | 'cached' | 'failed' = 'done',
  error: WireError | null = null,
): BuildEvent {
  return { type: 'step-ended', step: index, state, durationMs: 1, sizeBytes: null, error };
}

const platform = { os: 'linux', architecture: 'amd64' };
const DONE: BuildEvent = {
  type: 'ended',
  status: 'done',
  at: '',
  result: { imageId: IMAGE, manifestDigest: null, references: ['docker.io/library/shop:1'], platform },
  error: null,
};

function told(...events: readonly BuildEvent[]): string {
  const lines = new BuildLines();
  return events
    .flatMap((event) => lines.next(event))
    .map((line) => line.stream ?? `${JSON.stringify(line)}\n`)
    .join('');
}

describe('the lines of a build', () => {
  it('are those of the classic builder', () => {
    const events = [
      PLANNED,
      ended(0, 'cached'),
      started(1),
      log(1, 'made\n'),
      ended(1),
      ended(2, 'cached'),
      DONE,
    ];
    expect(told(...events)).toBe(
      [
        'Step 1/3 : FROM busybox',
        'Step 2/3 : RUN make',
        'made',
        'Step 3/3 : COPY . /',
        ' ---> Using cache',
        `{"aux":{"ID":"${IMAGE}"}}`,
        'Successfully built abababababab',
        'Successfully tagged shop:1',
        '',
      ].join('\n'),
    );
  });

  it('of steps side by side stand one below the other', () => {
    const events = [
      PLANNED,
      ended(0),
      started(1),
      started(2),
      log(2, 'b\n'),
      log(1, 'a\n'),
      ended(2),
      ended(1),
    ];
    expect(told(...events)).toBe('Step 1/3 : FROM busybox\nStep 2/3 : RUN make\na\nStep 3/3 : COPY . /\nb\n');
  });

  it('tell what waited when a build fails', () => {
    const failed = { ...DONE, status: 'failed', result: null } as const;
    const events = [PLANNED, ended(0), started(1), started(2), log(2, 'b\n'), ended(2, 'failed'), failed];
    expect(told(...events)).toMatch(/COPY \. \/\nb\n$/);
  });

  it('are red where a command complains', () => {
    const complaint: BuildEvent = { type: 'step-log', step: 1, stream: 'stderr', data: Buffer.from('oh\n') };
    expect(told(PLANNED, ended(0), started(1), complaint)).toContain('make\n\u001b[91moh\n\u001b[0m');
  });

  it('keep characters whole that come in two pieces', () => {
    const [first, ...rest] = new TextEncoder().encode('é');
    const events = [
      PLANNED,
      ended(0),
      started(1),
      log(1, Uint8Array.of(first ?? 0)),
      log(1, Uint8Array.from(rest)),
    ];
    expect(told(...events)).toMatch(/RUN make\né$/);
  });
});

describe('a command that fails', () => {
  const failure = (instruction: string, exitCode: number): unknown =>
    buildFailure(
      new EngineError('failed-precondition', 'It ended.', {
        detail: { step: 'run', path: instruction, exitCode },
      }),
    );

  it.each([
    ['RUN exit 7', '/bin/sh -c exit 7'],
    ['RUN --mount=type=cache,target=/c --network=none make all', '/bin/sh -c make all'],
    ['RUN ["make", "all"]', 'make all'],
    ['run [ -f x ]', '/bin/sh -c [ -f x ]'],
  ])('%s is told with its code', (instruction, command) => {
    const error = failure(instruction, 7);
    expect(error).toBeInstanceOf(FailedCommand);
    expect(error).toMatchObject({
      exitCode: 7,
      message: `The command '${command}' returned a non-zero code: 7`,
    });
  });

  it('is not every failure', () => {
    const other = new EngineError('not-found', 'No such file.');
    expect(buildFailure(other)).toBe(other);
  });
});

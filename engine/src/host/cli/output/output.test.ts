import { describe, expect, it } from 'vitest';
import type { ContainerState, ImageSummary, LayerProgress } from '../../../types/index.ts';
import { EngineError } from '../../../errors/index.ts';
import { errorLines } from './print-error.ts';
import { PullProgressView } from './pull-progress.ts';
import { statusWords } from './status.ts';
import { formatTable } from './table.ts';
import { humanDuration, humanSize } from './units.ts';

const HOUR = 3_600_000;

describe('durations, in the words of docker ps', () => {
  it.each([
    [500, 'Less than a second'],
    [1500, '1 second'],
    [45_000, '45 seconds'],
    [90_000, 'About a minute'],
    [180_000, '3 minutes'],
    [1.5 * HOUR, 'About an hour'],
    [5 * HOUR, '5 hours'],
    [72 * HOUR, '3 days'],
    [24 * 20 * HOUR, '2 weeks'],
    [24 * 90 * HOUR, '3 months'],
    [24 * 800 * HOUR, '2 years'],
  ])('%d ms: %s', (milliseconds, words) => expect(humanDuration(milliseconds)).toBe(words));
});

describe('sizes', () => {
  it.each([
    [0, '0B'],
    [999, '999B'],
    [1234, '1.23kB'],
    [74_800_000, '74.8MB'],
    [1_130_000_000, '1.13GB'],
  ])('%d: %s', (bytes, words) => expect(humanSize(bytes)).toBe(words));
});

describe('the status column', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  const base: ContainerState = {
    status: 'created',
    pid: null,
    startedAt: null,
    exit: null,
    failure: null,
    restartCount: 0,
    nextRetryAt: null,
    crashLooping: null,
    health: null,
  };
  const exit = {
    code: 137,
    signal: 'KILL',
    oomKilled: true,
    memoryPeakBytes: null,
    memoryLimitBytes: null,
    at: '2026-01-01T10:00:00Z',
  };

  it('tells that it is paused, waits to be restarted, and how healthy it is', () => {
    const running = { ...base, status: 'running', startedAt: '2026-01-01T11:57:00Z' } as const;
    expect(statusWords({ ...running, status: 'paused' }, now)).toBe('Up 3 minutes (Paused)');
    const health = { failingStreak: 0, probes: [] };
    expect(statusWords({ ...running, health: { ...health, status: 'healthy' } }, now)).toBe(
      'Up 3 minutes (healthy)',
    );
    expect(statusWords({ ...running, health: { ...health, status: 'starting' } }, now)).toBe(
      'Up 3 minutes (health: starting)',
    );
    expect(statusWords({ ...base, status: 'restarting', exit: { ...exit, code: 1 } }, now)).toBe(
      'Restarting (1) 2 hours ago',
    );
  });

  it('tells how long it runs, and how it ended', () => {
    expect(statusWords(base, now)).toBe('Created');
    expect(statusWords({ ...base, status: 'running', startedAt: '2026-01-01T11:57:00Z' }, now)).toBe(
      'Up 3 minutes',
    );
    expect(statusWords({ ...base, status: 'exited', exit }, now)).toBe(
      'Exited (137, out of memory) 2 hours ago',
    );
  });
});

describe('tables', () => {
  it('align their columns and leave no trailing blanks', () => {
    expect(formatTable(['A', 'B'], [['long cell', 'x']])).toBe('A           B\nlong cell   x');
  });
});

describe('the progress of a pull', () => {
  const layer = (stage: LayerProgress['stage'], downloadedBytes = 0): LayerProgress => ({
    digest: `sha256:${'ab'.repeat(32)}`,
    stage,
    downloadedBytes,
    unpackedBytes: 0,
    sizeBytes: 100,
  });
  const pulling = (stage: LayerProgress['stage'], bytes = 0) =>
    ({
      stage: 'pulling',
      reference: 'debian',
      platform: { os: 'linux', architecture: 'amd64' },
      manifestDigest: 'sha256:m',
      layers: [layer(stage, bytes)],
    }) as const;

  function output(isTTY: boolean) {
    const text: string[] = [];
    return { isTTY, write: (part: string) => text.push(part), text };
  }

  it('is one line per change of stage where nobody can be drawn over', () => {
    const out = output(false);
    const view = new PullProgressView(out);
    [pulling('waiting'), pulling('downloading', 10), pulling('downloading', 90), pulling('done')].forEach(
      (step) => view.show(step),
    );
    expect(out.text).toEqual([
      'abababababab: Waiting\n',
      'abababababab: Downloading\n',
      'abababababab: Pull complete\n',
    ]);
  });

  it('tells that all layers are complete, although their last steps were passed over', () => {
    const out = output(false);
    const view = new PullProgressView(out);
    const step = pulling('unpacking', 90);
    view.show(step);
    // Only the summary's own words are of interest.
    const image = {} as ImageSummary;
    const { reference, manifestDigest } = step;
    view.show({ stage: 'done', reference, manifestDigest, image, upToDate: false });
    expect(out.text.slice(0, 2)).toEqual(['abababababab: Unpacking\n', 'abababababab: Pull complete\n']);
  });

  it('draws over its own lines on a terminal', () => {
    const out = output(true);
    const view = new PullProgressView(out);
    view.show(pulling('downloading', 50));
    view.show(pulling('downloading', 100));
    expect(out.text[0]).toContain('50B/100B');
    expect(out.text[1]?.startsWith('\u001b[1A\u001b[2K')).toBe(true);
  });
});

describe('errors', () => {
  it('say what happened and what to do', () => {
    const error = new EngineError('not-found', 'No such image.', { hint: 'Pull it first.' });
    expect(errorLines(error)).toEqual(['longshore: No such image.', '  Pull it first.']);
  });
});

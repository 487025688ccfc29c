import { describe, expect, it } from 'vitest';
import type { ImageHealthcheck } from '../../types/index.ts';
import { healthcheck } from './policies.ts';

const image: ImageHealthcheck = {
  test: ['CMD-SHELL', 'curl -f localhost'],
  intervalMs: 5000,
  timeoutMs: null,
  startPeriodMs: null,
  startIntervalMs: null,
  retries: null,
};

describe('a health check', () => {
  it("is the image's, with Docker's defaults for what it does not say", () => {
    expect(healthcheck(undefined, image)).toEqual({
      command: ['/bin/sh', '-c', 'curl -f localhost'],
      intervalMs: 5000,
      timeoutMs: 30_000,
      startPeriodMs: 0,
      startIntervalMs: 5000,
      retries: 3,
    });
  });

  it("keeps the image's command when only its pace is asked for", () => {
    expect(healthcheck({ retries: 9 }, image)).toMatchObject({
      command: ['/bin/sh', '-c', 'curl -f localhost'],
      retries: 9,
    });
  });

  it('is a command of its own when one is asked for, as words or as a line', () => {
    expect(healthcheck({ command: ['probe', '-x'] }, image)?.command).toEqual(['probe', '-x']);
    expect(healthcheck({ command: 'probe && ok' }, null)?.command).toEqual(['/bin/sh', '-c', 'probe && ok']);
  });

  it('is none when it is switched off, or when nobody knows a command', () => {
    expect(healthcheck({ disabled: true }, image)).toBeNull();
    expect(healthcheck(undefined, null)).toBeNull();
    expect(healthcheck(undefined, { ...image, test: ['NONE'] })).toBeNull();
  });

  it('is refused when it has a pace and no command', () => {
    expect(() => healthcheck({ retries: 2 }, null)).toThrow('--health-cmd');
  });
});

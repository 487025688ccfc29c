import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors/index.ts';
import { explainForeign, platformWarnings } from './foreign-platform.ts';

const notExecutable = (errno: string, step = 'exec') =>
  new EngineError('failed-precondition', 'exec format error', { detail: { step, errno, exitCode: 126 } });

describe('an image for another platform', () => {
  it('is warned of; one that this machine runs without help is not', () => {
    expect(platformWarnings('linux/arm64', 'amd64')).toEqual([expect.stringContaining('linux/arm64')]);
    expect(platformWarnings('linux/amd64', 'amd64')).toEqual([]);
    expect(platformWarnings('linux/386', 'amd64')).toEqual([]);
    expect(platformWarnings('linux/arm/v7', 'arm64')).toEqual([]);
  });

  it('whose program the kernel cannot execute is told what is missing', () => {
    const error = notExecutable('ENOEXEC');
    expect(explainForeign(error, 'linux/s390x', 'amd64')).toMatchObject({
      code: 'failed-precondition',
      message: expect.stringContaining('binfmt_misc') as unknown,
      hint: expect.stringContaining('qemu-user-static') as unknown,
      detail: { step: 'exec', errno: 'ENOEXEC', exitCode: 126 },
    });
  });

  it('fails for other reasons as any other', () => {
    for (const error of [notExecutable('ENOENT'), notExecutable('ENOEXEC', 'mount')]) {
      expect(explainForeign(error, 'linux/arm64', 'amd64')).toBe(error);
    }
    const error = notExecutable('ENOEXEC');
    expect(explainForeign(error, 'linux/amd64', 'amd64')).toBe(error);
  });
});

import { Metadata, status as Status } from '@grpc/grpc-js';
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../errors/index.ts';
import { FAILURE_KEY, failureOf } from './failure.ts';
import { ErrorClass, Failure } from './generated/longshore/agent/v1/common.ts';

function refusal(code: Status, failure?: Partial<Failure>): Error {
  const metadata = new Metadata();
  if (failure !== undefined) {
    const whole: Failure = {
      errorClass: ErrorClass.ERROR_CLASS_INTERNAL,
      step: '',
      errno: 0,
      path: '',
      message: '',
      hint: '',
      ...failure,
    };
    metadata.set(FAILURE_KEY, Buffer.from(Failure.encode(whole).finish()));
  }
  return Object.assign(new Error('refused'), { code, details: 'refused', metadata });
}

describe('failureOf', () => {
  it("takes the agent's own words, and names the errno", () => {
    const failure = {
      errorClass: ErrorClass.ERROR_CLASS_FAILED_PRECONDITION,
      step: 'overlay',
      errno: constants.errno.EBUSY,
      path: '/data',
      message: 'the folder is in use',
      hint: 'end who uses it',
    };
    expect(failureOf(refusal(Status.FAILED_PRECONDITION, failure))).toMatchObject({
      code: 'failed-precondition',
      message: 'the folder is in use',
      hint: 'end who uses it',
      detail: { step: 'overlay', errno: 'EBUSY', path: '/data' },
    });
  });

  it.each(['ENOSPC', 'EDQUOT'] as const)('says in plain words what %s means, whoever met it', (errno) => {
    const failed = { step: 'write', errno: constants.errno[errno], path: '/data/log' };
    expect(failureOf(refusal(Status.UNAVAILABLE, failed))).toMatchObject({
      code: 'failed-precondition',
      message: 'The disk is full.',
      hint: expect.stringContaining('disk space') as string,
      detail: { step: 'write', errno, path: '/data/log' },
    });
  });

  it('does not take a cpuset without processors for a full disk', () => {
    const failed = { step: 'cgroup', errno: constants.errno.ENOSPC, message: 'no such processor' };
    expect(failureOf(refusal(Status.INVALID_ARGUMENT, failed))).toMatchObject({
      message: 'no such processor',
    });
  });

  it.each([
    ['ENOENT', 127],
    ['ENOTDIR', 127],
    ['EACCES', 126],
    ['ENOEXEC', 126],
  ] as const)('gives the exit code of a shell for an exec that failed with %s', (errno, exitCode) => {
    const failed = { step: 'exec', errno: constants.errno[errno] };
    expect(failureOf(refusal(Status.NOT_FOUND, failed))).toMatchObject({ detail: { errno, exitCode } });
    const elsewhere = { step: 'mount', errno: constants.errno[errno] };
    expect(failureOf(refusal(Status.NOT_FOUND, elsewhere))).not.toHaveProperty('detail.exitCode');
  });

  it('has every class of the protocol', () => {
    const classes = Object.values(ErrorClass).filter((number) => number > 0);
    const codes = classes.map((errorClass) => failureOf(refusal(Status.UNKNOWN, { errorClass })));
    expect(new Set(codes.map((error) => (error as { code: string }).code))).toEqual(new Set(ERROR_CODES));
  });

  it.each([
    [Status.CANCELLED, 'cancelled'],
    [Status.UNAVAILABLE, 'unavailable'],
    [Status.DEADLINE_EXCEEDED, 'unavailable'],
    [Status.UNIMPLEMENTED, 'not-implemented'],
    [Status.DATA_LOSS, 'internal'],
  ])('without words: gRPC status %i is %s', (status, code) => {
    expect(failureOf(refusal(status))).toMatchObject({ code });
  });

  it('leaves everything else as it is', () => {
    const bug = new TypeError('a bug');
    expect(failureOf(bug)).toBe(bug);
  });
});

import { describe, expect, it } from 'vitest';
import { ociSeccomp } from './seccomp-profile.ts';

const target = { architecture: 'amd64', capabilities: ['CAP_SYS_ADMIN'], kernelVersion: '6.1.0-18-amd64' };

function rulesOf(...syscalls: readonly object[]): readonly string[] {
  const profile = JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });
  return ociSeccomp(profile, target).syscalls.flatMap(({ names }) => names);
}

const ALLOW = { action: 'SCMP_ACT_ALLOW' };

describe("a profile in Docker's form", () => {
  it('keeps the rules whose conditions hold, and no others', () => {
    expect(
      rulesOf(
        { ...ALLOW, names: ['read', 'write'] },
        { ...ALLOW, names: ['mount'], includes: { caps: ['CAP_SYS_ADMIN'] } },
        { ...ALLOW, names: ['reboot'], includes: { caps: ['CAP_SYS_ADMIN', 'CAP_SYS_BOOT'] } },
        { ...ALLOW, names: ['clone'], excludes: { caps: ['CAP_SYS_ADMIN'] } },
        { ...ALLOW, names: ['arch_prctl'], includes: { arches: ['amd64', 'x32'] } },
        { ...ALLOW, names: ['set_tls'], includes: { arches: ['arm'] } },
        { ...ALLOW, names: ['ptrace'], includes: { minKernel: '4.8' } },
        { ...ALLOW, names: ['future'], includes: { minKernel: '6.2' } },
        { ...ALLOW, name: 'old_form' },
      ),
    ).toEqual(['read', 'write', 'mount', 'arch_prctl', 'ptrace', 'old_form']);
  });

  it('brings the architectures of its map, and arguments without their nulls', () => {
    const profile = JSON.stringify({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] }],
      syscalls: [
        {
          ...ALLOW,
          names: ['personality'],
          args: [{ index: 0, value: 8, valueTwo: null, op: 'SCMP_CMP_EQ' }],
          includes: null,
        },
      ],
    });
    expect(ociSeccomp(profile, target)).toEqual({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
      syscalls: [{ ...ALLOW, names: ['personality'], args: [{ index: 0, value: 8, op: 'SCMP_CMP_EQ' }] }],
    });
  });

  it.each(['', 'x', '{}', '{"defaultAction":1}', '{"defaultAction":"A","syscalls":[{"names":["read"]}]}'])(
    'is refused when it is none: %s',
    (json) => {
      expect(() => ociSeccomp(json, target)).toThrow('not in the form that Docker uses');
    },
  );
});

import { describe, expect, it } from 'vitest';
import { canRun, formatPlatform, normalizePlatform, selectPlatform } from './platform.ts';

function platform(text: string) {
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

describe('a platform', () => {
  it.each([
    ['linux/x86_64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/3', 'linux/amd64/v3'],
    ['Linux/AArch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6'],
    ['linux/i686', 'linux/386'],
    ['macos/arm64', 'darwin/arm64'],
  ])('%s is %s', (given, normal) => {
    expect(formatPlatform(normalizePlatform(platform(given)))).toBe(normal);
  });

  it.each([
    ['linux/amd64', ['linux/arm64', 'linux/386', 'linux/amd64'], 'linux/amd64'],
    ['linux/amd64', ['linux/386'], 'linux/386'],
    ['linux/amd64', ['linux/amd64/v3'], null],
    ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2'], 'linux/amd64/v2'],
    ['linux/arm64', ['linux/arm/v6', 'linux/arm/v7'], 'linux/arm/v7'],
    ['linux/arm64', ['linux/arm64/v8'], 'linux/arm64/v8'],
    ['linux/arm/v6', ['linux/arm/v7', 'linux/arm/v5'], 'linux/arm/v5'],
    ['linux/amd64', ['unknown/unknown', 'windows/amd64'], null],
    ['linux/riscv64', ['linux/riscv64'], 'linux/riscv64'],
  ])('a machine of %s runs of %j: %s', (machine, offered, expected) => {
    const selected = selectPlatform(offered.map(platform), (candidate) => candidate, platform(machine));
    expect(selected === null ? null : formatPlatform(selected)).toBe(expected);
  });

  it('that says nothing is not chosen', () => {
    expect(selectPlatform([{}], () => undefined, platform('linux/amd64'))).toBeNull();
    expect(canRun(platform('linux/amd64'), platform('linux/arm64'))).toBe(false);
  });
});

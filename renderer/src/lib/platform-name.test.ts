import { describe, expect, it } from 'vitest';
import { platformName, platformNames, platformOf } from './platform-name.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };
const armV7 = { os: 'linux', architecture: 'arm', variant: 'v7' };

describe('the name of a platform', () => {
  it.each([amd64, armV7])('is read back as it was written: %o', (platform) => {
    expect(platformOf(platformName(platform))).toEqual(platform);
  });
});

describe('the platforms of an image', () => {
  const image = { platform: amd64 } as Parameters<typeof platformNames>[0];

  it('are its own, when it is made for one alone', () => {
    expect(platformNames(image, true)).toEqual(['linux/amd64']);
    expect(platformNames(image, false)).toEqual([]);
  });

  it('are those that are here, apart from those that can be pulled', () => {
    const platforms = [
      { platform: armV7, manifestDigest: 'sha256:1', id: null, sizeBytes: 0 },
      { platform: amd64, manifestDigest: 'sha256:2', id: 'sha256:3', sizeBytes: 1 },
    ];
    expect(platformNames({ ...image, platforms }, true)).toEqual(['linux/amd64']);
    expect(platformNames({ ...image, platforms }, false)).toEqual(['linux/arm/v7']);
  });
});

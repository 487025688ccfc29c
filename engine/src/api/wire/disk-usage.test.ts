import { describe, expect, it } from 'vitest';
import { containerDetails } from '../../testing/api/container-details.ts';
import type { DiskUsage, ImageSummary, Volume } from '../../types/index.ts';
import { type DiskUsageParts, diskUsageJson } from './disk-usage.ts';

const NONE = { totalBytes: 0, reclaimableBytes: 0, activeCount: 0, items: [] };
const AT = '2026-01-01T00:00:00Z';
const WEB = containerDetails();

const IMAGE: ImageSummary = {
  id: WEB.image.id,
  references: ['busybox:latest'],
  repoDigests: [],
  createdAt: AT,
  sizeBytes: 1,
  uniqueBytes: 1,
  platform: { os: 'linux', architecture: 'amd64' },
  labels: {},
  usedBy: ['web'],
};
const VOLUME: Volume = {
  name: 'data',
  driver: 'local',
  mountpoint: '/volumes/data',
  labels: {},
  options: {},
  anonymous: false,
  createdAt: AT,
  usedBy: [{ id: WEB.id, name: 'web', running: false, targets: ['/data'], readOnly: false }],
};
const USAGE: DiskUsage = {
  ...{ totalBytes: 900, reclaimableBytes: 0, otherBytes: 0, volumeTrash: NONE, partialDownloads: NONE },
  images: {
    ...{ ...NONE, totalBytes: 500 },
    items: [
      {
        ...{ id: IMAGE.id, references: IMAGE.references, createdAt: AT, usedBy: ['web'] },
        ...{ sizeBytes: 500, uniqueBytes: 300, sharedBytes: 200 },
      },
    ],
  },
  containers: {
    ...NONE,
    items: [
      {
        ...{ id: WEB.id, name: 'web', image: 'busybox', running: false, createdAt: AT },
        ...{ writableBytes: 40, logBytes: 4 },
      },
    ],
  },
  volumes: { ...NONE, items: [{ name: 'data', anonymous: false, sizeBytes: 70, usedBy: ['web'] }] },
  buildCache: {
    ...{ ...NONE, totalBytes: 80 },
    items: [
      {
        ...{ id: 'step', description: 'RUN true', sizeBytes: 80, inUse: false, shared: true },
        ...{ createdAt: AT, lastUsedAt: AT },
      },
    ],
  },
};
const PARTS: DiskUsageParts = { usage: USAGE, images: [IMAGE], containers: [WEB], volumes: [VOLUME] };

describe('the usage of the disk', () => {
  it('has sizes as they were measured', () => {
    expect(diskUsageJson(PARTS, [], 51)).toMatchObject({
      LayersSize: 500,
      Images: [{ Id: IMAGE.id, Size: 500, SharedSize: 200, Containers: 1 }],
      Containers: [{ Id: WEB.id, SizeRw: 40 }],
      Volumes: [{ Name: 'data', UsageData: { RefCount: 1, Size: 70 } }],
      BuildCache: [{ ID: 'step', Description: 'RUN true', Size: 80, InUse: false, Shared: true }],
      BuilderSize: 80,
    });
  });

  it('has what came since as it is, without what nobody measured', () => {
    const unmeasured = { ...USAGE, images: NONE, containers: NONE, volumes: NONE };
    const shown = diskUsageJson({ ...PARTS, usage: unmeasured }, [], 51);
    expect(shown).toMatchObject({
      Images: [{ Size: 1 }],
      Containers: [{ Id: WEB.id }],
      Volumes: [{ UsageData: { Size: 0 } }],
    });
    expect(shown).not.toHaveProperty(['Containers', 0, 'SizeRw']);
  });

  it.each([
    [['image'], ['LayersSize', 'Images']],
    [
      ['container', 'volume'],
      ['Containers', 'Volumes'],
    ],
    [['build-cache'], ['BuildCache']],
  ])('of %j alone has only that', (types, names) => {
    expect(Object.keys(diskUsageJson(PARTS, types, 51))).toEqual(names);
  });
});

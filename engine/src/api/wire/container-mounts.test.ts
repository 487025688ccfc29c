import { describe, expect, it } from 'vitest';
import type { BindMount, ContainerMount, VolumeMount } from '../../types/index.ts';
import { containerDetails } from '../../testing/api/container-details.ts';
import { bindText, mountPoints, mountSettings } from './container-mounts.ts';
import { hostConfigJson } from './host-config.ts';

const BIND: BindMount = {
  type: 'bind',
  source: '/here',
  target: '/there',
  readOnly: false,
  createSource: true,
  propagation: 'rprivate',
  recursive: true,
};
const VOLUME: VolumeMount = {
  type: 'volume',
  source: 'data',
  target: '/data',
  readOnly: false,
  noCopy: false,
  subpath: '',
  anonymous: false,
};

/** By `-v`, by `--mount`, or by neither. */
interface Asked {
  readonly bind?: string;
  readonly settings?: object;
}

const WAYS: readonly (readonly [name: string, mount: ContainerMount, asked: Asked])[] = [
  ['a folder', BIND, { bind: '/here:/there' }],
  ['a folder to read', { ...BIND, readOnly: true }, { bind: '/here:/there:ro' }],
  [
    'a shared folder to read',
    { ...BIND, readOnly: true, propagation: 'rshared' },
    { bind: '/here:/there:ro,rshared' },
  ],
  [
    'a folder that must be there',
    { ...BIND, createSource: false },
    { settings: { Type: 'bind', Source: '/here', Target: '/there' } },
  ],
  ['a volume', VOLUME, { bind: 'data:/data' }],
  ['a volume that stays empty', { ...VOLUME, noCopy: true }, { bind: 'data:/data:nocopy' }],
  ['a volume that nobody named', { ...VOLUME, anonymous: true }, {}],
  [
    'a folder of a volume to read',
    { ...VOLUME, subpath: 'deep', readOnly: true },
    {
      settings: {
        Type: 'volume',
        Source: 'data',
        Target: '/data',
        ReadOnly: true,
        VolumeOptions: { Subpath: 'deep' },
      },
    },
  ],
];

describe('a mount as it was asked for', () => {
  it.each(WAYS)('%s', (_, mount, { bind, settings }) => {
    expect(bindText(mount)).toBe(bind);
    expect(mountSettings(mount)).toEqual(settings);
  });

  it('in memory has a place of its own', () => {
    const mount: ContainerMount = {
      type: 'tmpfs',
      target: '/run',
      sizeBytes: 65_536,
      mode: 0o1777,
      options: ['exec'],
    };
    expect(hostConfigJson(containerDetails({}, { mounts: [mount] }), 51)).toMatchObject({
      Binds: null,
      Tmpfs: { '/run': 'exec,size=65536,mode=1777' },
    });
  });
});

describe('mounts as they are', () => {
  const placeOf = (volume: string) => `/volumes/${volume}`;

  it('have the folder of a volume on the machine', () => {
    expect(mountPoints([VOLUME], placeOf)).toEqual([
      {
        Type: 'volume',
        Name: 'data',
        Source: '/volumes/data',
        Destination: '/data',
        Driver: 'local',
        Mode: 'z',
        RW: true,
        Propagation: '',
      },
    ]);
  });

  it.each([
    [
      { ...VOLUME, readOnly: true },
      { Mode: 'ro', RW: false },
    ],
    [
      { ...VOLUME, anonymous: true },
      { Mode: '', RW: true },
    ],
    [
      BIND,
      { Type: 'bind', Source: '/here', Destination: '/there', Mode: '', RW: true, Propagation: 'rprivate' },
    ],
    [
      { ...BIND, readOnly: true },
      { Mode: 'ro', RW: false },
    ],
  ])('%o', (mount, shown) => {
    expect(mountPoints([mount], placeOf)).toMatchObject([shown]);
  });

  it('leave out what is in memory', () => {
    expect(
      mountPoints([{ type: 'tmpfs', target: '/run', sizeBytes: null, mode: null, options: [] }], placeOf),
    ).toEqual([]);
  });
});

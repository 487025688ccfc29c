import { describe, expect, it } from 'vitest';
import { parseMount, parseVolume } from './mounts.ts';
import { toVolumeFilters, toVolumePruneFilters } from './volume-filters.ts';
import { parseVolumesFrom } from './volumes.ts';

describe('-v', () => {
  it('takes a volume by its name', () => {
    expect(parseVolume('data:/var/lib/data')).toEqual([
      { type: 'volume', source: 'data', target: '/var/lib/data', readOnly: false, noCopy: false },
    ]);
    expect(parseVolume('data:/x:ro,nocopy,z')).toEqual([
      { type: 'volume', source: 'data', target: '/x', readOnly: true, noCopy: true },
    ]);
  });

  it('asks for a new volume where only a place is named', () => {
    expect(parseVolume('/data')).toEqual([{ type: 'volume', target: '/data' }]);
  });
});

describe('--mount type=volume', () => {
  it('says all that can be said of a volume', () => {
    const fields = [
      'type=volume,src=data,dst=/x,ro,volume-nocopy,volume-subpath=a/b,volume-driver=local',
      'volume-label=a=1,volume-label=b=2,volume-opt=type=tmpfs,volume-opt=device=tmpfs',
    ].join(',');
    expect(parseMount(fields)).toEqual([
      {
        type: 'volume',
        source: 'data',
        target: '/x',
        readOnly: true,
        noCopy: true,
        subpath: 'a/b',
        driver: 'local',
        labels: { a: '1', b: '2' },
        options: { type: 'tmpfs', device: 'tmpfs' },
      },
    ]);
  });

  it('is what a mount is without a type, and may have no source', () => {
    expect(parseMount('target=/x')).toMatchObject([{ type: 'volume', target: '/x' }]);
    expect(parseMount('target=/x')[0]).not.toHaveProperty('source');
  });

  it('takes an option with commas between double quotes', () => {
    expect(parseMount('src=d,dst=/x,"volume-opt=o=addr=10.0.0.1,rw"')).toMatchObject([
      { options: { o: 'addr=10.0.0.1,rw' } },
    ]);
  });
});

describe('--volumes-from', () => {
  it('takes a container, and how its volumes are had', () => {
    expect(parseVolumesFrom('db')).toEqual([{ container: 'db' }]);
    expect(parseVolumesFrom('db:ro', [{ container: 'a' }])).toEqual([
      { container: 'a' },
      { container: 'db', readOnly: true },
    ]);
    expect(() => parseVolumesFrom('db:nocopy')).toThrow(/no option/);
    expect(() => parseVolumesFrom('')).toThrow(/write/);
  });
});

describe('--filter of volumes', () => {
  it('knows names, labels, drivers and whether somebody has them', () => {
    expect(toVolumeFilters(['name=a', 'label=x=1', 'driver=local', 'dangling=true'])).toEqual({
      name: ['a'],
      label: ['x=1'],
      driver: ['local'],
      dangling: true,
    });
    expect(() => toVolumeFilters(['colour=red'])).toThrow(/no filter/);
  });

  it("of prune knows labels and docker's other word for all", () => {
    expect(toVolumePruneFilters(['label=a', 'label!=b', 'all=1'], false)).toEqual({
      all: true,
      labels: ['a'],
      labelsNot: ['b'],
    });
  });
});

import { describe, expect, it } from 'vitest';
import { finishedBuilds } from '../../testing/fake-build-parts.ts';
import { buildsView, buildTime } from './build-list.ts';

const builds = finishedBuilds();
const names = (...[filter, search]: readonly [Parameters<typeof buildsView>[1], string]) =>
  buildsView(builds, filter, search).shown.map(({ name }) => name);

describe('the list of builds', () => {
  it('finds them by words of their names, folders and targets', () => {
    expect(names('all', 'SHOP worker')).toEqual(['shop/worker:1.4']);
    expect(names('all', '/home/ada')).toHaveLength(2);
    expect(names('all', 'nothing like it')).toEqual([]);
  });

  it('counts what each filter shows, whatever is searched', () => {
    expect(names('failed', '')).toEqual(['shop/worker:1.4']);
    expect(buildsView(builds, 'failed', 'nothing').counts).toEqual({ all: 2, running: 0, failed: 1 });
  });

  it('tells the time of one that runs up to now', () => {
    const [build] = builds;
    if (build === undefined) throw new Error('no build');
    expect(buildTime(build, 0)).toBe(37_000);
    const started = Date.parse(build.startedAt);
    expect(buildTime({ ...build, endedAt: null }, started + 1500)).toBe(1500);
    expect(buildTime({ ...build, endedAt: null }, started - 1500)).toBe(0);
  });
});

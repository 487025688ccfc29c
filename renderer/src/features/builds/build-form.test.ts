import { describe, expect, it } from 'vitest';
import { finishedBuilds } from '../../testing/fake-build-parts.ts';
import { buildArguments, buildProblems, buildRequestOf, EMPTY_BUILD_FORM, formAgain } from './build-form.ts';

const FORM = { ...EMPTY_BUILD_FORM, folder: '/home/ada/shop' };

describe('the form of a build', () => {
  it('asks for what was said, and no more', () => {
    expect(buildRequestOf(FORM)).toEqual({
      context: { kind: 'folder', path: '/home/ada/shop' },
      tags: [],
      buildArgs: {},
      background: true,
    });
    expect(
      buildRequestOf({
        ...FORM,
        dockerfile: ' docker/web.Dockerfile ',
        tags: 'shop/web:1, shop/web',
        target: 'final',
        platform: 'linux/arm64',
        args: [
          { name: ' NODE_ENV', value: 'staging' },
          { name: '', value: '' },
        ],
        noCache: true,
        pull: true,
      }),
    ).toEqual({
      context: { kind: 'folder', path: '/home/ada/shop' },
      dockerfile: 'docker/web.Dockerfile',
      tags: ['shop/web:1', 'shop/web'],
      target: 'final',
      platform: { os: 'linux', architecture: 'arm64' },
      buildArgs: { NODE_ENV: 'staging' },
      noCache: true,
      pull: true,
      background: true,
    });
  });

  it('is the same as a command line', () => {
    expect(
      buildArguments({
        ...FORM,
        tags: 'a b',
        dockerfile: 'x',
        args: [{ name: 'A', value: '1 2' }],
        noCache: true,
      }),
    ).toEqual([
      ...['build', '-f', 'x', '-t', 'a', '-t', 'b', '--build-arg', 'A=1 2', '--no-cache'],
      '/home/ada/shop',
    ]);
  });

  it.each([
    ['a folder that is not whole', { folder: 'shop' }, { folder: 'builds.badFolder' }],
    ['a tag that is none', { tags: 'shop/web:1 Not/A:tag' }, { tags: 'builds.badTag' }],
    ['a platform that is none', { platform: 'pdp-11' }, { platform: 'builds.badPlatform' }],
    ['a value without a name', { args: [{ name: ' ', value: '1' }] }, { args: 'builds.badArg' }],
    ['nothing', {}, {}],
  ])('tells what is wrong: %s', (_, part, problems) => {
    expect(buildProblems({ ...FORM, ...part })).toEqual(problems);
  });

  it('begins as an earlier build was asked for', () => {
    const [build] = finishedBuilds();
    if (build === undefined) throw new Error('no build');
    expect(formAgain(build)).toEqual({
      ...EMPTY_BUILD_FORM,
      folder: '/home/ada/shop',
      tags: 'shop/web:1.4',
      args: [{ name: 'NODE_ENV', value: 'production' }],
    });
  });
});

import { describe, expect, it } from 'vitest';
import type { DirectoryEntry, FileType } from '@longshore/engine/types';
import { changesByPath, fileRows, modeText } from './file-rows.ts';
import { cleanPath, crumbsOf, isFileName } from './paths.ts';

const entry = (name: string, type: FileType = 'file'): DirectoryEntry => ({
  name,
  type,
  sizeBytes: 0,
  mode: 0o100644,
  modifiedAt: '2026-11-21T10:00:00.000000001Z',
  uid: 0,
  gid: 0,
  linkTarget: null,
});

describe('fileRows', () => {
  it('has folders first, numbers in names as numbers, and what was deleted at the end', () => {
    const changes = changesByPath([
      { path: '/etc', kind: 'modified' },
      { path: '/etc/file10', kind: 'added' },
      { path: '/etc/gone', kind: 'deleted' },
      { path: '/etc/sub/gone', kind: 'deleted' },
    ]);
    const rows = fileRows('/etc', [entry('file10'), entry('file9'), entry('sub', 'directory')], changes);
    expect(rows.map(({ path, change }) => [path, change])).toEqual([
      ['/etc/sub', undefined],
      ['/etc/file9', undefined],
      ['/etc/file10', 'added'],
      ['/etc/gone', 'deleted'],
    ]);
  });

  it('of what was deleted and made anew there is one row', () => {
    const rows = fileRows('/', [entry('a')], changesByPath([{ path: '/a', kind: 'deleted' }]));
    expect(rows).toHaveLength(1);
  });
});

it.each<[FileType, number, string]>([
  ['file', 0o644, '-rw-r--r--'],
  ['directory', 0o1777, 'drwxrwxrwt'],
  ['file', 0o4755, '-rwsr-xr-x'],
  ['file', 0o2644, '-rw-r-Sr--'],
  ['link', 0o777, 'lrwxrwxrwx'],
])('%s with mode %o is %s', (type, mode, text) => expect(modeText({ type, mode })).toBe(text));

it.each([
  [null, '/'],
  ['', '/'],
  ['etc//nginx/', '/etc/nginx'],
  ['/../etc/./x', '/etc/x'],
])('the path "%s" is %s', (written, path) => expect(cleanPath(written)).toBe(path));

it('leads from the root to a folder', () => {
  expect(crumbsOf('/etc/nginx')).toEqual([
    { name: '/', path: '/' },
    { name: 'etc', path: '/etc' },
    { name: 'nginx', path: '/etc/nginx' },
  ]);
});

it.each(['', '.', '..', 'a/b', 'x'.repeat(256), 'ä'.repeat(128)])('"%s" is no name of a file', (name) => {
  expect(isFileName(name)).toBe(false);
});

import { expect, it } from 'vitest';
import { viewChanges } from './change-list.ts';

it('shows one kind, and what has the search in its path, and counts all', () => {
  const changes = [
    { path: '/etc', kind: 'modified' },
    { path: '/etc/MOTD', kind: 'added' },
    { path: '/tmp/motd', kind: 'deleted' },
  ] as const;
  expect(viewChanges(changes, 'all', ' motd').shown.map(({ path }) => path)).toEqual([
    '/etc/MOTD',
    '/tmp/motd',
  ]);
  expect(viewChanges(changes, 'added', '').shown).toHaveLength(1);
  expect(viewChanges(changes, 'deleted', 'nothing').counts).toEqual({
    all: 3,
    added: 1,
    modified: 1,
    deleted: 1,
  });
});

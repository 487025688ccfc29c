import { expect, it } from 'vitest';
import { MASK } from '../../lib/secrets.ts';
import { contains, masked, pathOf } from './json-tree.ts';

it('masks secrets wherever they are: among variables, labels and fields, and nothing else', () => {
  const record = {
    name: 'db',
    spec: { env: ['TZ=UTC', 'DB_PASSWORD=x'], labels: { 'api-token': 'y', team: 'shop' } },
    ports: [80],
    secret: '',
  };
  expect(masked(record)).toEqual({
    name: 'db',
    spec: { env: ['TZ=UTC', `DB_PASSWORD=${MASK}`], labels: { 'api-token': MASK, team: 'shop' } },
    ports: [80],
    secret: '',
  });
});

it('writes a path as jq does', () => {
  expect(pathOf(['spec', 'env', '0'])).toBe('.spec.env[0]');
  expect(pathOf(['labels', 'a.b'])).toBe('.labels["a.b"]');
});

it('finds by name and by value, at any depth', () => {
  const value = { deep: [{ user: 'Ana' }] };
  expect(contains('root', value, 'ana')).toBe(true);
  expect(contains('root', value, 'USER')).toBe(true);
  expect(contains('root', value, 'bob')).toBe(false);
});

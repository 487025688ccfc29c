import { expect, it } from 'vitest';
import type { Volume } from '@longshore/engine/types';
import { fakeVolume } from '../../testing/fake-volume-parts.ts';
import { goneWith } from './volume-list.ts';

const user = (id: string) => ({ id, name: id, running: false, targets: ['/x'], readOnly: false });
const volume = (name: string, anonymous: boolean, ...users: readonly string[]): Volume => ({
  ...fakeVolume(name),
  anonymous,
  usedBy: users.map(user),
});

it('only volumes that nobody named, and nobody else has, go with containers', () => {
  const volumes = [
    volume('own', true, 'web'),
    volume('shared-with-both', true, 'web', 'db'),
    volume('shared-with-another', true, 'web', 'other'),
    volume('named', false, 'web'),
    volume('of-nobody', true),
  ];
  expect(goneWith(volumes, new Set(['web']))).toEqual(['own']);
  expect(goneWith(volumes, new Set(['web', 'db']))).toEqual(['own', 'shared-with-both']);
});

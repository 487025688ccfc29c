import { expect, it } from 'vitest';
import { fakeSpec } from '../../testing/fake-parts.ts';
import { isDemanded } from './demands.ts';

const NOTE = 'this host cannot give the container CAP_SYS_RESOURCE, CAP_MKNOD';

it.each([
  ['the usual rights', {}, false],
  ['another right', { capAdd: ['CAP_NET_ADMIN'] }, false],
  ['one of them', { capAdd: ['MKNOD'] }, true],
  ['one of them, as the kernel writes it', { capAdd: ['cap_mknod'] }, true],
  ['all rights', { capAdd: ['ALL'] }, true],
  ['everything', { privileged: true }, true],
])('a right that the host lacks matters to who asked for %s: %o', (_asked, part, demanded) => {
  expect(isDemanded(NOTE, fakeSpec(part))).toBe(demanded);
});

it('takes every other note for one that matters', () => {
  expect(isDemanded('swap is not counted here', fakeSpec())).toBe(true);
});

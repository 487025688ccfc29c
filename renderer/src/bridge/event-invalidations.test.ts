import { describe, expect, it } from 'vitest';
import type { ContainerAction, ContainerEvent } from '@longshore/engine/types';
import { staleAfter } from './event-invalidations.ts';
import { queryKeys } from './query-keys.ts';

const event = (action: ContainerAction): ContainerEvent => ({
  type: 'container',
  seq: 1,
  at: '2026-11-21T14:00:00Z',
  id: 'c1',
  name: 'web',
  image: 'nginx',
  attributes: {},
  action,
});

describe('staleAfter', () => {
  it.each(['start', 'die', 'pause', 'update', 'health_status'] as const)('asks again after %s', (action) => {
    expect(staleAfter(event(action))).toContainEqual(queryKeys.container('c1'));
  });

  it.each(['top', 'resize', 'exec_die', 'export'] as const)(
    'asks for nothing after %s, which the page itself may cause over and over',
    (action) => expect(staleAfter(event(action))).toEqual([]),
  );
});

import type { ContainerDetails } from '@longshore/engine/types';
import { fakeContainer } from './fake-container.ts';
import { fakeSpec, runningSince } from './fake-parts.ts';
import { FakeWorld } from './fake-world.ts';

/** States of the world that development and screenshots begin with. */
export function scenarioOf(name: string): FakeWorld | 'lost' | 'slow' {
  switch (name) {
    case 'lost':
    case 'slow':
      return name;
    case 'empty':
      return new FakeWorld({ containers: [], images: [], volumes: [] });
    case 'many':
      return new FakeWorld({ containers: manyContainers(5000) });
    case 'no-agent':
      return new FakeWorld({
        containers: [],
        images: [],
        agent: {
          status: 'unavailable',
          error: {
            code: 'permission-denied',
            message: 'The agent needs root rights and could not be started.',
            hint: 'Allow it once with: sudo longshore setup',
            detail: { step: 'spawn', errno: 'EACCES', path: '/usr/lib/longshore/longshore-agent' },
          },
        },
      });
    case 'starting':
      return new FakeWorld({
        containers: [],
        images: [],
        agent: { status: 'starting', step: 'waiting for the agent' },
      });
    default:
      return new FakeWorld();
  }
}

function manyContainers(count: number): readonly ContainerDetails[] {
  return Array.from({ length: count }, (_, index) =>
    fakeContainer(
      `job-${String(index).padStart(4, '0')}`,
      'python:3.13-slim',
      runningSince(index * 61_000),
      fakeSpec(),
    ),
  );
}

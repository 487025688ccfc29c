import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../types/index.ts';
import { parseFilters } from '../server/filters.ts';
import { dockerEvent, type DockerEvent, eventLine } from './event.ts';
import { EVENT_FILTERS, matchesFilters } from './event-filters.ts';

const AT = '2026-01-01T00:00:01.234567891Z';
const SECONDS = Date.parse('2026-01-01T00:00:01Z') / 1000;

function container(action: string, attributes: Readonly<Record<string, string>> = {}): EngineEvent {
  const fields = { type: 'container', action, id: 'c1', name: 'tide', image: 'busybox:1', attributes };
  return { ...fields, at: AT, seq: 1 } as EngineEvent;
}

function told(event: EngineEvent): DockerEvent {
  const found = dockerEvent(event);
  if (found === null) throw new Error('Docker has no such event');
  return found;
}

describe('an event of Docker', () => {
  it('has the old fields until 1.52, and its nanoseconds as they are', () => {
    const event = told(container('die', { exitCode: '3' }));
    const attributes = { exitCode: '3', image: 'busybox:1', name: 'tide' };
    const fields = { Type: 'container', Action: 'die', Actor: { ID: 'c1', Attributes: attributes } };
    expect(JSON.parse(eventLine(event, 51))).toMatchObject({
      status: 'die',
      id: 'c1',
      from: 'busybox:1',
      ...fields,
    });
    expect(JSON.parse(eventLine(event, 52))).not.toHaveProperty('status');
    expect(eventLine(event, 52)).toContain(`"time":${SECONDS},"timeNano":${SECONDS}234567891}\n`);
  });

  it.each([
    ['exec_create', { command: 'ls -l' }, 'exec_create: ls -l'],
    ['exec_start', { command: 'ls' }, 'exec_start: ls'],
    ['health_status', { health_status: 'healthy' }, 'health_status: healthy'],
    ['kill', { signal: '15' }, 'kill'],
  ])('%s says what it is about', (action, attributes, words) => {
    expect(told(container(action, attributes)).Action).toBe(words);
  });

  it('of a rename has the old name with its slash', () => {
    const { Actor } = told(container('rename', { oldName: 'ebb' }));
    expect(Actor.Attributes).toMatchObject({ oldName: '/ebb', name: 'tide' });
  });

  it('is none of what Docker does not have', () => {
    expect(dockerEvent(container('start_failed'))).toBeNull();
  });
});

const EVENT = told(container('exec_start', { command: 'ls', deck: 'lower' }));

describe('filters of events', () => {
  it.each([
    ['{}', true],
    ['{"type":["container"]}', true],
    ['{"type":["image","network"]}', false],
    ['{"event":["exec_start"]}', true],
    ['{"event":["exec_start: ls"]}', true],
    ['{"event":["exec"]}', false],
    ['{"container":["tide"]}', true],
    ['{"container":["c"]}', true],
    ['{"container":["ebb"]}', false],
    ['{"image":["busybox"]}', true],
    ['{"image":["busybox:1"]}', true],
    ['{"image":["busy"]}', false],
    ['{"label":["deck"]}', true],
    ['{"label":["deck=lower","deck=upper"]}', false],
    ['{"label":{"deck=lower":true}}', true],
    ['{"network":["tide"]}', false],
    ['{"scope":["local"]}', true],
    ['{"scope":["swarm"]}', false],
    ['{"service":["x"]}', false],
  ])('%s: %s', (filters, matches) => {
    expect(matchesFilters(EVENT, parseFilters(filters, EVENT_FILTERS))).toBe(matches);
  });
});

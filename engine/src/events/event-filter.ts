import type { EngineEvent } from '../types/index.ts';

/** What a watcher wants; the shape of the contract's `events.watch`. */
export interface EventQuery {
  /** Left out: all but `task`. */
  readonly types?: readonly EngineEvent['type'][] | undefined;
  /** Id, beginning of an id of at least 12 digits, or name of a container or network; id or reference of an image. */
  readonly subject?: string | undefined;
  /** Replay: events after this sequence number, or at and after this ISO 8601 time. Left out: only new ones. */
  readonly since?: number | string | undefined;
  /** ISO 8601: the watch ends there. */
  readonly until?: string | undefined;
}

const SHORT_ID = /^[a-f0-9]{12,64}$/;

export function matchesQuery(event: EngineEvent, query: EventQuery): boolean {
  if (query.types === undefined ? event.type === 'task' : !query.types.includes(event.type)) return false;
  return query.subject === undefined || isAbout(event, query.subject);
}

function isAbout(event: EngineEvent, subject: string): boolean {
  switch (event.type) {
    case 'container':
      return event.name === subject || isId(event.id, subject);
    case 'network':
      return event.name === subject || isId(event.id, subject);
    case 'volume':
      return event.name === subject;
    case 'image':
      return event.reference === subject || isId(event.id, subject) || isId(event.id, `sha256:${subject}`);
    case 'task':
    case 'build':
      return event.id === subject;
    case 'engine':
      return false;
  }
}

function isId(id: string, subject: string): boolean {
  return id === subject || (SHORT_ID.test(subject.replace(/^sha256:/, '')) && id.startsWith(subject));
}

import type { EngineEvent } from '@longshore/engine/types';
import { objectOf, type ShownType } from './event-object.ts';

/** What of the events is shown. It is in the page's address, but for the search, which changes with each key. */
export interface EventFilter {
  readonly type: ShownType | 'all';
  /** By the words of the engine (`die`, `pull`); none: all. */
  readonly actions: readonly string[];
  /** The key of one object; empty: of all. */
  readonly object: string;
  readonly search: string;
}

export const NO_FILTER: EventFilter = { type: 'all', actions: [], object: '', search: '' };

export function isFiltered({ type, actions, object, search }: EventFilter): boolean {
  return type !== 'all' || actions.length > 0 || object !== '' || search !== '';
}

/** `wordsOf` gives what a person reads of the event; they can be searched as well as the engine's own words. */
export function filterEvents(
  events: readonly EngineEvent[],
  { type, actions, object, search }: EventFilter,
  wordsOf: (event: EngineEvent) => string,
): readonly EngineEvent[] {
  const wanted = new Set(actions);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter(
    (event) =>
      (type === 'all' || event.type === type) &&
      (wanted.size === 0 || wanted.has(event.action)) &&
      (object === '' || objectOf(event).key === object) &&
      (words.length === 0 || matches(haystackOf(event, wordsOf(event)), words)),
  );
}

function matches(haystack: string, words: readonly string[]): boolean {
  return words.every((word) => haystack.includes(word));
}

function haystackOf(event: EngineEvent, words: string): string {
  const { key, name } = objectOf(event);
  const image = event.type === 'container' ? event.image : '';
  return [event.type, event.action, key, name, image, words].join('\n').toLowerCase();
}

/** The actions that there are, for a menu of them: those of the type that is looked at. */
export function actionsOf(events: readonly EngineEvent[], type: EventFilter['type']): readonly string[] {
  const found = new Set(
    events.filter((event) => type === 'all' || event.type === type).map(({ action }) => action),
  );
  return [...found].sort();
}

export function filterOfAddress(address: URLSearchParams, search: string): EventFilter {
  return {
    type: (address.get('type') as EventFilter['type'] | null) ?? 'all',
    actions: address.get('actions')?.split(',').filter(Boolean) ?? [],
    object: address.get('object') ?? '',
    search,
  };
}

/** Only what is said. */
export function addressOfFilter({ type, actions, object }: EventFilter): Record<string, string> {
  return {
    ...(type !== 'all' && { type }),
    ...(actions.length > 0 && { actions: actions.join(',') }),
    ...(object !== '' && { object }),
  };
}

import type { Filters } from '../server/filters.ts';
import type { DockerEvent } from './event.ts';

export const EVENT_FILTERS = [
  'config',
  'container',
  'daemon',
  'event',
  'image',
  'label',
  'network',
  'node',
  'plugin',
  'scope',
  'secret',
  'service',
  'type',
  'volume',
] as const;

const ACTORS = ['container', 'network', 'volume'] as const;
/** Kinds of objects of which there are none. */
const ABSENT = ['config', 'daemon', 'node', 'plugin', 'secret', 'service'] as const;

/** Of one filter any value may match, of labels all; of all filters one each. */
export function matchesFilters(event: DockerEvent, filters: Filters): boolean {
  const { Attributes: attributes } = event.Actor;
  return (
    any(filters.get('type'), (type) => type === event.Type) &&
    any(filters.get('event'), (action) => isAction(event.Action, action)) &&
    any(filters.get('scope'), (scope) => scope === event.scope) &&
    (filters.get('label') ?? []).every((label) => hasLabel(attributes, label)) &&
    any(filters.get('image'), (image) => isImage(event, image)) &&
    ACTORS.every((type) => any(filters.get(type), (wanted) => isActor(event, type, wanted))) &&
    ABSENT.every((type) => filters.get(type) === undefined)
  );
}

function any(wanted: readonly string[] | undefined, matches: (value: string) => boolean): boolean {
  return wanted === undefined || wanted.some(matches);
}

/** `exec_start` is all of `exec_start: ...`. */
function isAction(action: string, wanted: string): boolean {
  return action === wanted || action.startsWith(`${wanted}:`);
}

function isActor({ Type, Actor }: DockerEvent, type: string, wanted: string): boolean {
  if (Type !== type) return false;
  return Actor.Attributes['name'] === wanted || (wanted !== '' && Actor.ID.startsWith(wanted));
}

/** The image itself, or containers of it; a name without a tag is all its tags. */
function isImage({ Type, Actor }: DockerEvent, wanted: string): boolean {
  const names = [
    Actor.Attributes[Type === 'container' ? 'image' : 'name'] ?? '',
    Type === 'image' ? Actor.ID : '',
  ];
  return (
    (Type === 'container' || Type === 'image') &&
    names.some((name) => name === wanted || name.replace(/(?::[^/:]*|@.*)$/, '') === wanted)
  );
}

function hasLabel(attributes: Readonly<Record<string, string>>, label: string): boolean {
  const at = label.indexOf('=');
  if (at === -1) return Object.hasOwn(attributes, label);
  return attributes[label.slice(0, at)] === label.slice(at + 1);
}

import type {
  ContainerEvent,
  EngineEvent,
  ImageEvent,
  NetworkEvent,
  VolumeEvent,
} from '../../types/index.ts';

type DockerEventSource = ContainerEvent | ImageEvent | NetworkEvent | VolumeEvent;

export interface DockerEvent {
  readonly Type: 'container' | 'image' | 'network' | 'volume';
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly scope: 'local';
  /** Seconds since 1970. */
  readonly time: number;
  readonly timeNano: string;
}

/** What Longshore alone has: docker's clients would not know what to make of it. */
const OURS: ReadonlySet<string> = new Set([
  'container start_failed',
  'volume restore',
  'volume empty',
  'volume import',
  'volume export',
  'volume purge',
]);

/** Null of what Docker has no event for. */
export function dockerEvent(event: EngineEvent): DockerEvent | null {
  if (event.type === 'engine' || event.type === 'task' || event.type === 'build') return null;
  if (OURS.has(`${event.type} ${event.action}`)) return null;
  return {
    Type: event.type,
    Action: actionOf(event),
    Actor: actorOf(event),
    scope: 'local',
    time: Math.floor(Date.parse(event.at) / 1000),
    timeNano: nanoseconds(event.at),
  };
}

function actionOf(event: DockerEventSource): string {
  if (event.type !== 'container') return event.action;
  const { command = '', health_status: health = '' } = event.attributes;
  if (event.action === 'exec_create' || event.action === 'exec_start') return `${event.action}: ${command}`;
  return event.action === 'health_status' ? `health_status: ${health}` : event.action;
}

function actorOf(event: DockerEventSource): DockerEvent['Actor'] {
  switch (event.type) {
    case 'container': {
      const { command: _, health_status: __, oldName, ...attributes } = event.attributes;
      const renamed = oldName === undefined ? {} : { oldName: `/${oldName}` };
      return {
        ID: event.id,
        Attributes: { ...attributes, ...renamed, image: event.image, name: event.name },
      };
    }
    case 'image':
      return { ID: imageIdOf(event), Attributes: { name: event.reference || event.id } };
    case 'network':
      return { ID: event.id, Attributes: { name: event.name, ...event.attributes } };
    case 'volume':
      return { ID: event.name, Attributes: event.attributes };
  }
}

/** Of transfers the name that was asked for, as Docker has it; of all else the image. */
function imageIdOf({ action, id, reference }: ImageEvent): string {
  return action === 'pull' || action === 'push' ? reference : id;
}

/** As digits: it is too large for a number in JavaScript, and is written into the JSON as it is. */
function nanoseconds(iso: string): string {
  const [, fraction = ''] = /\.(\d{1,9})/.exec(iso) ?? [];
  return `${Math.floor(Date.parse(iso) / 1000)}${fraction.padEnd(9, '0')}`;
}

const OLD_FIELDS_UNTIL = 52;

/** One line, in the fields of the version. */
export function eventLine(event: DockerEvent, version: number): string {
  const { timeNano, ...fields } = event;
  const hasOldFields = event.Type === 'container' || event.Type === 'image';
  const from = event.Actor.Attributes['image'];
  const old =
    version < OLD_FIELDS_UNTIL && hasOldFields
      ? {
          status: event.Action,
          id: event.Actor.ID,
          ...(from !== undefined && event.Type === 'container' && { from }),
        }
      : {};
  return `${JSON.stringify({ ...old, ...fields }).slice(0, -1)},"timeNano":${timeNano}}\n`;
}

import type { ContainerEvent, EngineEvent } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { maskedAssignments } from '../../lib/secrets.ts';
import type { MessageId, Text } from '../../messages/use-text.ts';

/** What happened, in words. */
export function titleOf(event: EngineEvent): MessageId {
  switch (event.type) {
    case 'container':
      return containerTitle(event);
    case 'image':
      return `event.image.${event.action}`;
    case 'network':
      return `event.network.${event.action}`;
    case 'volume':
      return `event.volume.${event.action}`;
    case 'build':
      return `event.build.${event.action}`;
    case 'engine':
      return 'event.engine.state';
    case 'task':
      return 'event.task.update';
  }
}

function containerTitle({ action, attributes }: ContainerEvent): MessageId {
  if (action !== 'health_status') return `event.${action}`;
  return attributes['health_status'] === 'healthy' ? 'event.healthy' : 'event.unhealthy';
}

/** What belongs to the action; labels of the object are among the attributes as well, and are not repeated. */
export function detailsOf(event: EngineEvent, t: Text): string {
  switch (event.type) {
    case 'container':
      return containerWords(event, t).join(', ');
    case 'network':
    case 'volume':
      return networkWords(event.attributes, t).join(', ');
    case 'image':
    case 'build':
    case 'engine':
    case 'task':
      return '';
  }
}

function containerWords({ attributes, action }: ContainerEvent, t: Text): readonly string[] {
  const word = (name: string) => (attributes[name] === '' ? undefined : attributes[name]);
  const [code, signal, oldName, image] = ['exitCode', 'signal', 'oldName', 'imageID'].map(word);
  const command = action.startsWith('exec_') ? word('command') : undefined;
  return said([
    action === 'start_failed' ? word('error') : undefined,
    code === undefined ? undefined : t('event.code', { code }),
    signal === undefined ? undefined : t('event.signal', { signal }),
    oldName === undefined ? undefined : t('event.oldName', { name: oldName }),
    image === undefined ? undefined : t('event.image', { id: shortId(image) }),
    command === undefined ? undefined : maskedAssignments(command),
  ]);
}

function networkWords(attributes: Readonly<Record<string, string>>, t: Text): readonly string[] {
  const { container, driver, type } = attributes;
  return said([
    container === undefined ? undefined : t('event.container', { id: shortId(container) }),
    driver ?? type,
  ]);
}

function said(words: readonly (string | undefined)[]): readonly string[] {
  return words.filter((word) => word !== undefined && word !== '') as string[];
}

import type { EngineEvent } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import type { IconName } from '../../ui/icon.tsx';
import { buildPath } from '../builds/build-list.ts';
import { imagePath } from '../images/image-list.ts';
import { networkPath } from '../networks/network-list.ts';
import { volumePath } from '../volumes/volume-list.ts';

export const EVENT_TYPES = ['container', 'image', 'network', 'volume', 'build', 'engine'] as const;
export type ShownType = (typeof EVENT_TYPES)[number];

export const TYPE_ICONS: Readonly<Record<EngineEvent['type'], IconName>> = {
  container: 'box',
  image: 'layers',
  network: 'network',
  volume: 'volume',
  build: 'build',
  engine: 'sliders',
  task: 'bell',
};

/** The object that an event is about. */
export interface EventObject {
  /** The same for all events of the object: an id, of a volume its name; empty of a clean-up of many. */
  readonly key: string;
  readonly name: string;
  /** Its page. */
  readonly path: string;
}

export function objectOf(event: EngineEvent): EventObject {
  switch (event.type) {
    case 'container':
      return { key: event.id, name: event.name, path: `/containers/${event.id}/overview` };
    case 'image':
      return {
        key: event.id,
        name: event.reference === '' ? shortId(event.id) : event.reference,
        path: imagePath(event),
      };
    case 'network':
      return { key: event.id, name: event.name, path: networkPath(event) };
    case 'volume':
      return { key: event.name, name: event.name, path: volumePath(event.name) };
    case 'build':
      return { key: event.id, name: shortId(event.id), path: buildPath(event) };
    case 'engine':
    case 'task':
      return { key: '', name: '', path: '' };
  }
}

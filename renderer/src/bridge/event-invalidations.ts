import type { ContainerAction, EngineEvent } from '@longshore/engine/types';
import { queryKeys } from './query-keys.ts';

type Key = readonly string[];

const CHANGES_NOTHING_SHOWN = new Set<ContainerAction>([
  'attach',
  'detach',
  'exec_create',
  'exec_start',
  'exec_detach',
  'exec_die',
  'resize',
  'top',
  'archive-path',
  'export',
]);
/** Who has an image, a network or a volume. */
const CHANGES_USE = new Set<ContainerAction>(['create', 'destroy', 'rename']);

/** Which of those who have a network or a volume run, and at which address. */
const CHANGES_RUNNING = new Set<ContainerAction>(['start', 'die']);

/** What the page must ask for again after an event. The one place that knows. */
export function staleAfter(event: EngineEvent): readonly Key[] {
  switch (event.type) {
    case 'container': {
      if (CHANGES_NOTHING_SHOWN.has(event.action)) return [];
      const keys: Key[] = [queryKeys.containerList, queryKeys.container(event.id), queryKeys.info];
      if (CHANGES_USE.has(event.action)) keys.push(queryKeys.imageList);
      if (CHANGES_USE.has(event.action) || CHANGES_RUNNING.has(event.action)) {
        keys.push(queryKeys.networks, queryKeys.volumes);
      }
      return keys;
    }
    case 'image':
      return [queryKeys.images, queryKeys.info];
    case 'network':
      return [queryKeys.networks, ...containerOf(event.attributes['container'])];
    case 'volume':
      return event.action === 'export' ? [] : [queryKeys.volumes, queryKeys.volumeSizes];
    case 'build':
      return [queryKeys.builds];
    case 'engine':
      return [
        queryKeys.info,
        queryKeys.containers,
        queryKeys.images,
        queryKeys.networks,
        queryKeys.volumes,
        queryKeys.usage,
      ];
    case 'task':
      return [queryKeys.tasks, queryKeys.pulls];
  }
}

function containerOf(id: string | undefined): readonly Key[] {
  return id === undefined ? [] : [queryKeys.containerList, queryKeys.container(id)];
}

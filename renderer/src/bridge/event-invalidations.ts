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
const CHANGES_IMAGE_USE = new Set(['create', 'destroy', 'rename']);

/** What the page must ask for again after an event. The one place that knows. */
export function staleAfter(event: EngineEvent): readonly Key[] {
  switch (event.type) {
    case 'container': {
      if (CHANGES_NOTHING_SHOWN.has(event.action)) return [];
      const keys: Key[] = [queryKeys.containerList, queryKeys.container(event.id), queryKeys.info];
      return CHANGES_IMAGE_USE.has(event.action) ? [...keys, queryKeys.imageList] : keys;
    }
    case 'image':
      return [queryKeys.images, queryKeys.info];
    case 'engine':
      return [queryKeys.info, queryKeys.containers, queryKeys.images, queryKeys.usage];
    case 'task':
      return [queryKeys.tasks];
  }
}

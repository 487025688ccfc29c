import type { ContainerFilters } from '../../contract/index.ts';
import { DockerError } from '../server/failure.ts';
import type { Filters } from '../server/filters.ts';

const STATUSES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;
const HEALTHS = ['starting', 'healthy', 'unhealthy', 'none'] as const;

const KNOWN = [
  'ancestor',
  'before',
  'exited',
  'expose',
  'health',
  'id',
  'is-task',
  'isolation',
  'label',
  'name',
  'network',
  'publish',
  'since',
  'status',
  'volume',
] as const;

/** `filters` of the list of containers. */
export const containerFilters = {
  known: KNOWN,
  parse(filters: Filters): ContainerFilters {
    const exited = filters.get('exited')?.map(exitCode);
    // Nothing is ever dead here: who asks for that alone gets what no container is.
    const status = filters.words('status', STATUSES)?.filter((word) => word !== 'dead');
    return {
      id: filters.get('id'),
      name: filters.get('name'),
      label: filters.get('label'),
      status,
      ancestor: filters.get('ancestor'),
      exited,
      health: filters.words('health', HEALTHS),
      network: filters.get('network'),
      volume: filters.get('volume'),
      publish: filters.get('publish'),
      expose: filters.get('expose'),
      before: filters.single('before'),
      since: filters.single('since'),
    };
  },
};

/** Only tasks of a swarm are asked for, of which there are none. */
export function isTask(filters: Filters): boolean {
  return filters.flag('is-task') === true;
}

function exitCode(text: string): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw new DockerError(400, `invalid filter 'exited=${text.slice(0, 64)}'`);
}

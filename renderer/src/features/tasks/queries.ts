import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Task } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

/** The engine keeps them, so a reload of the page loses none. */
export function useTasks(): UseQueryResult<readonly Task[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.tasks,
    queryFn: ({ signal }) => engine.system.tasks({}, { signal }),
  });
}

export function runningTasks(tasks: readonly Task[]): readonly Task[] {
  return tasks.filter((task) => task.status === 'running');
}

/** Running first, then the latest. */
export function inOrder(tasks: readonly Task[]): readonly Task[] {
  return [...tasks].sort((a, b) => {
    const running = Number(b.status === 'running') - Number(a.status === 'running');
    return running !== 0 ? running : (b.endedAt ?? b.startedAt).localeCompare(a.endedAt ?? a.startedAt);
  });
}

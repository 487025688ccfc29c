import { useQuery } from '@tanstack/react-query';
import { queryKeys, useEngine } from '../../bridge/index.ts';

/** All containers, kept fresh by the engine's events. */
export function useContainers() {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.containerList,
    queryFn: ({ signal }) => engine.containers.list({ all: true }, { signal }),
  });
}

export function useContainerDetails(id: string) {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.container(id),
    queryFn: ({ signal }) => engine.containers.inspect({ container: id }, { signal }),
  });
}

import { useMemo } from 'react';
import { useBuilds } from '../builds/queries.ts';
import { useContainers } from '../containers/queries.ts';
import { useImages } from '../images/queries.ts';
import { useNetworks } from '../networks/queries.ts';
import { useVolumes } from '../volumes/queries.ts';

/** What is still there, by the keys of events: the name that each has today. */
export function useKnownObjects(): ReadonlyMap<string, string | undefined> {
  const containers = useContainers().data;
  const images = useImages().data;
  const networks = useNetworks().data;
  const volumes = useVolumes().data;
  const builds = useBuilds().data;
  return useMemo(
    () =>
      new Map<string, string | undefined>([
        ...(containers ?? []).map(({ id }) => [id, undefined] as const),
        ...(images ?? []).map(({ id, references }) => [id, references[0]] as const),
        ...(networks ?? []).map(({ id }) => [id, undefined] as const),
        ...(volumes ?? []).map(({ name }) => [name, undefined] as const),
        ...(builds ?? []).map(({ id, name }) => [id, name] as const),
      ]),
    [containers, images, networks, volumes, builds],
  );
}

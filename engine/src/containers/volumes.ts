import type { ContainerMount, VolumeMount, VolumeUser } from '../types/index.ts';
import type { MountPlan } from './spec/volume-mounts.ts';
import type { Container } from './container.ts';
import type { Parts } from './parts.ts';

export function volumeMounts(mounts: readonly ContainerMount[]): readonly VolumeMount[] {
  return mounts.filter((mount) => mount.type === 'volume');
}

/** Null when it does not have the volume. */
export function volumeUser(
  { id, name, running }: Pick<Container, 'id' | 'name' | 'running'>,
  mounts: readonly ContainerMount[],
  volume: string,
): VolumeUser | null {
  const own = volumeMounts(mounts).filter(({ source }) => source === volume);
  if (own.length === 0) return null;
  const targets = own.map(({ target }) => target);
  return { id, name, running, targets, readOnly: own.every(({ readOnly }) => readOnly) };
}

/** Makes the volumes that are not there yet, and fills empty ones with what the image has. */
export async function prepareVolumes(
  { volumes }: Pick<Parts, 'volumes'>,
  plan: MountPlan,
  chainIds: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  for (const order of plan.volumes) await volumes.ensure(order, signal);
  for (const { source, target, noCopy, subpath } of volumeMounts(plan.mounts)) {
    if (!noCopy && subpath === '') await volumes.fill(source, { chainIds, path: target }, signal);
  }
}

/** Of these mounts the volumes that nobody named and nobody has. */
export async function discardAnonymous(
  { volumes, report }: Pick<Parts, 'volumes' | 'report'>,
  mounts: readonly ContainerMount[],
): Promise<void> {
  const names = volumeMounts(mounts).flatMap(({ anonymous, source }) => (anonymous ? [source] : []));
  try {
    await volumes.discard(names);
  } catch (thrown) {
    // They stay, and a prune finds them.
    report('Volumes without a name could not be removed.', thrown);
  }
}

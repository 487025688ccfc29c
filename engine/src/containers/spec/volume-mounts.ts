import type { ContainerRequest } from '../../contract/index.ts';
import type { ContainerMount, VolumeMount } from '../../types/index.ts';
import { anonymousName, type VolumeOrder } from '../../volumes/index.ts';
import { checkMounts, normaliseTarget } from './mounts.ts';
import type { FindPeer } from './namespaces.ts';
import { refused } from './refused.ts';

type MountRequest = ContainerRequest['mounts'][number];
type VolumeRequest = Extract<MountRequest, { readonly type: 'volume' }>;
type Asked = Pick<ContainerRequest, 'mounts' | 'volumesFrom'>;

/** What a container mounts, and the volumes that must be there for it. */
export interface MountPlan {
  readonly mounts: readonly ContainerMount[];
  readonly volumes: readonly VolumeOrder[];
}

/**
 * Docker's order: what is asked, then what other containers have, then a new volume for each place that the image
 * names and nothing else has.
 */
export function mountPlan(asked: Asked, imageVolumes: readonly string[], find: FindPeer): MountPlan {
  const volumes: VolumeOrder[] = [];
  const own = asked.mounts.map((mount): ContainerMount => {
    if (mount.type !== 'volume') return mount;
    const { made, order } = volumeMount(mount);
    volumes.push(order);
    return made;
  });
  checkMounts(own);
  const shared = without(own, fromOthers(asked, find));
  volumes.push(...shared.filter((mount) => mount.type === 'volume').map(orderOf));
  const covered = [...own, ...shared];
  const ofImage = without(covered, imageVolumes.map(imageMount));
  volumes.push(...ofImage.map(orderOf));
  return { mounts: [...covered, ...ofImage], volumes };
}

function volumeMount(asked: VolumeRequest): { readonly made: VolumeMount; readonly order: VolumeOrder } {
  const { source, target, readOnly, noCopy, subpath, options, labels } = asked;
  if (source === undefined && subpath !== '') {
    refused('A new volume without a name has no folder to mount.', target, 'Name a volume that has it.');
  }
  const name = source ?? anonymousName();
  const anonymous = source === undefined;
  return {
    made: { type: 'volume', source: name, target, readOnly, noCopy, subpath: plain(subpath), anonymous },
    order: { name, anonymous, options, labels },
  };
}

/** Binds and volumes; of two containers the first has a place. */
function fromOthers({ volumesFrom }: Asked, find: FindPeer): readonly (ContainerMount | VolumeMount)[] {
  const all = volumesFrom.flatMap(({ container, readOnly }) =>
    find(container).spec.mounts.flatMap((mount): readonly ContainerMount[] => {
      if (mount.type === 'tmpfs') return [];
      const access = readOnly ?? mount.readOnly;
      return mount.type === 'volume'
        ? [{ ...mount, readOnly: access, noCopy: true }]
        : [{ ...mount, readOnly: access }];
    }),
  );
  return all.filter(
    ({ target }, index) => all.findIndex((other) => placeOf(other.target) === placeOf(target)) === index,
  );
}

function imageMount(target: string): VolumeMount {
  return {
    type: 'volume',
    source: anonymousName(),
    target: placeOf(target),
    readOnly: false,
    noCopy: false,
    subpath: '',
    anonymous: true,
  };
}

function orderOf({ source, anonymous }: VolumeMount): VolumeOrder {
  return { name: source, anonymous, options: {}, labels: {} };
}

function without<M extends ContainerMount>(
  taken: readonly ContainerMount[],
  mounts: readonly M[],
): readonly M[] {
  const places = new Set(taken.map(({ target }) => placeOf(target)));
  return mounts.filter(({ target }) => !places.has(placeOf(target)));
}

/** An image may write `data` for `/data`. */
function placeOf(target: string): string {
  return normaliseTarget(target.startsWith('/') ? target : `/${target}`);
}

/** `a/./b/` is `a/b`. */
function plain(subpath: string): string {
  return subpath
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

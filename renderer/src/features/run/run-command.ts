import type { ContainerRequestInput } from '@longshore/engine/contract';
import { platformName } from '../../lib/platform-name.ts';
import { each, pairsOf, size, switchedOn, value } from './flags.ts';
import { limitFlags } from './limit-flags.ts';
import { lifeFlags } from './life-flags.ts';
import { networkFlags } from './network-flags.ts';
import { mountFlags } from './mount-flags.ts';
import { securityFlags } from './security-flags.ts';

type VolumesFrom = NonNullable<ContainerRequestInput['volumesFrom']>[number];

/**
 * The argument vector of `longshore run` that asks for the same as the request. It is made from the request, not
 * from the form, so that it cannot say anything else than the button does. A system call filter is a file there,
 * under this name.
 */
export function runArguments(request: ContainerRequestInput, seccompFile?: string): readonly string[] {
  return [
    'run',
    ...beginning(request),
    ...networkFlags(request),
    ...(request.mounts ?? []).flatMap(mountFlags),
    ...each('--volumes-from', request.volumesFrom?.map(volumesFrom)),
    ...each('-e', request.env),
    ...programFlags(request),
    ...limitFlags(request),
    ...securityFlags(request, seccompFile),
    ...lifeFlags(request),
    request.image,
    ...(request.command ?? []),
  ];
}

function beginning(request: ContainerRequestInput): readonly string[] {
  return [
    request.openStdin === true && request.tty === true ? '-dit' : '-d',
    ...switchedOn('--rm', request.autoRemove),
    ...switchedOn('--init', request.init),
    ...value('--name', request.name),
    ...value('--platform', request.platform && platformName(request.platform)),
  ];
}

function volumesFrom({ container, readOnly }: VolumesFrom): string {
  return readOnly === undefined ? container : `${container}:${readOnly ? 'ro' : 'rw'}`;
}

function programFlags(request: ContainerRequestInput): readonly string[] {
  return [
    ...value('--entrypoint', request.entrypoint === undefined ? undefined : (request.entrypoint[0] ?? '')),
    ...value('--user', request.user),
    ...value('--workdir', request.workingDir),
    ...each('--group-add', request.groups),
    ...each('--label', pairsOf(request.labels)),
    ...each('--annotation', pairsOf(request.annotations)),
    ...switchedOn('--read-only', request.readOnlyRootfs),
    ...value('--shm-size', size(request.shmSizeBytes)),
  ];
}

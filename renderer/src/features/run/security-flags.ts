import type { ContainerRequestInput } from '@longshore/engine/contract';
import { each, pairsOf, switchedOn, value } from './flags.ts';

export function securityFlags(
  request: ContainerRequestInput,
  seccompFile = 'profile.json',
): readonly string[] {
  return [
    ...switchedOn('--privileged', request.privileged),
    ...each('--cap-add', request.capAdd),
    ...each('--cap-drop', request.capDrop),
    ...each('--security-opt', securityOptions(request, seccompFile)),
    ...each('--sysctl', pairsOf(request.sysctls)),
    ...each(
      '--device',
      request.devices?.map(({ hostPath, containerPath, permissions }) =>
        [hostPath, containerPath, permissions ?? 'rwm'].join(':'),
      ),
    ),
    ...each('--device-cgroup-rule', request.deviceRules),
    ...value('--oom-score-adj', request.oomScoreAdj),
    ...value('--pid', request.pid),
    ...value('--ipc', request.ipc),
    ...value('--uts', request.uts),
    ...value('--userns', request.users),
    ...value('--cgroupns', request.cgroup),
    ...value('--cgroup-parent', request.cgroupParent),
  ];
}

function securityOptions(request: ContainerRequestInput, seccompFile: string): readonly string[] {
  const { noNewPrivileges, seccomp, apparmor, systemPaths } = request;
  return [
    ...(noNewPrivileges === true ? ['no-new-privileges'] : []),
    ...(seccomp === undefined ? [] : [`seccomp=${typeof seccomp === 'string' ? seccomp : seccompFile}`]),
    ...(apparmor === undefined ? [] : [`apparmor=${apparmor}`]),
    ...(systemPaths === 'unconfined' ? ['systempaths=unconfined'] : []),
  ];
}

import type { ContainerRequestInput } from '@longshore/engine/contract';
import { maskedEnv } from '../../lib/secrets.ts';
import { joinWords } from '../../lib/shell-words.ts';

/**
 * The argument vector of `longshore run` that asks for the same as the request. It is made from the request, not
 * from the form, so that it cannot say anything else than the button does.
 */
export function runArguments(request: ContainerRequestInput): readonly string[] {
  return ['run', ...flagsOf(request), ...optionsOf(request), request.image, ...(request.command ?? [])];
}

function flagsOf(request: ContainerRequestInput): readonly string[] {
  return [
    request.openStdin === true && request.tty === true ? '-dit' : '-d',
    ...(request.autoRemove === true ? ['--rm'] : []),
    ...(request.init === true ? ['--init'] : []),
  ];
}

function optionsOf(request: ContainerRequestInput): readonly string[] {
  const { resources } = request;
  return [
    ...option('--name', request.name),
    ...option('--network', request.network),
    ...(request.mounts ?? []).flatMap((mount) =>
      mount.type === 'bind'
        ? ['-v', `${mount.source}:${mount.target}${mount.readOnly === true ? ':ro' : ''}`]
        : ['--tmpfs', mount.target],
    ),
    ...(request.env ?? []).flatMap((entry) => ['-e', entry]),
    ...option('--user', request.user),
    ...option('--workdir', request.workingDir),
    ...option('--memory', resources?.memoryBytes === undefined ? undefined : memory(resources.memoryBytes)),
    ...option('--cpus', resources?.cpus === undefined ? undefined : String(resources.cpus)),
  ];
}

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [name, value];
}

/** `256m` where it is whole, else in bytes. */
function memory(bytes: number): string {
  const mib = bytes / (1024 * 1024);
  return Number.isInteger(mib) ? `${mib}m` : String(bytes);
}

export function runCommandLine(request: ContainerRequestInput): string {
  return `longshore ${joinWords(runArguments(request))}`;
}

/** The same for the eyes of others: what looks like a secret among the variables is masked. */
export function maskedCommandLine(request: ContainerRequestInput): string {
  return runCommandLine({ ...request, env: request.env?.map(maskedEnv) });
}

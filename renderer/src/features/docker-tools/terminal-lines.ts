import { quoteWord } from '../../lib/shell-words.ts';

export const SHELLS = ['posix', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

export const TOPICS = [
  'once',
  'terminal',
  'always',
  'compose',
  'testcontainers',
  'withoutDockerfile',
  'inside',
  'curl',
  'elsewhere',
] as const;
export type Topic = (typeof TOPICS)[number];

export interface Target {
  /** Where the Docker API is served. */
  readonly socketPath: string;
  /** The name of docker's context. */
  readonly context: string;
}

/** Where `ssh` leads the port to: docker's own for a socket without encryption, here on this machine alone. */
const FORWARDED = 'tcp://127.0.0.1:2375';

/** Lines to copy, each whole by itself. The socket's path is quoted for the shell. */
export function terminalLines(
  topic: Topic,
  shell: Shell,
  { socketPath, context }: Target,
): readonly string[] {
  const docker = `docker --context ${quote(context, shell)}`;
  const address = `unix://${socketPath}`;
  switch (topic) {
    case 'once':
      return [`${docker} ps`, `${docker} run --rm -it debian:stable bash`];
    case 'terminal':
      return [assign('DOCKER_HOST', address, shell), forget('DOCKER_HOST', shell)];
    case 'always':
      return [`docker context use ${quote(context, shell)}`, 'docker context use default'];
    case 'compose':
      return [
        `${docker} compose up -d`,
        ...(shell === 'posix' ? [`DOCKER_HOST=${quote(address, shell)} docker-compose up -d`] : []),
      ];
    case 'testcontainers':
      return [
        assign('DOCKER_HOST', address, shell),
        // The container that tidies up after the tests mounts the socket, and looks for dockerd's unless it is told.
        assign('TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE', socketPath, shell),
      ];
    case 'withoutDockerfile':
      return [
        `tar -C rootfs -c . | ${docker} import - mine:1`,
        `${docker} commit my-container mine:2`,
        `${docker} save -o mine.tar mine:1`,
      ];
    case 'inside':
      return [
        `${docker} run --rm -v ${quote(`${socketPath}:/var/run/docker.sock`, shell)} docker:cli docker ps`,
      ];
    case 'curl':
      return [`curl --unix-socket ${quote(socketPath, shell)} http://localhost/containers/json`];
    case 'elsewhere':
      return [
        `ssh -N -L ${quote(`127.0.0.1:2375:${socketPath}`, shell)} you@this-machine`,
        assign('DOCKER_HOST', FORWARDED, shell),
      ];
  }
}

function assign(name: string, value: string, shell: Shell): string {
  switch (shell) {
    case 'posix':
      return `export ${name}=${quote(value, shell)}`;
    case 'fish':
      return `set -gx ${name} ${quote(value, shell)}`;
    case 'powershell':
      return `$env:${name} = '${value.replaceAll("'", "''")}'`;
  }
}

function forget(name: string, shell: Shell): string {
  switch (shell) {
    case 'posix':
      return `unset ${name}`;
    case 'fish':
      return `set -e ${name}`;
    case 'powershell':
      return `Remove-Item Env:${name}`;
  }
}

/** PowerShell doubles a quote; in fish a backslash before it works within quotes, in other shells outside them. */
function quote(word: string, shell: Shell): string {
  if (shell === 'posix' || quoteWord(word) === word) return quoteWord(word);
  if (shell === 'powershell') return `'${word.replaceAll("'", "''")}'`;
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

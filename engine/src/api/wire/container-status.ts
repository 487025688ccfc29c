import type { ContainerDetails, ContainerState, Health } from '../../types/index.ts';
import { humanDuration } from '../../human-duration.ts';
import { ZERO_TIME } from './json.ts';

type DockerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited';

/** Docker has no words for the moments between: what is stopping runs, what is starting does not yet. */
export function dockerStatus({ status, startedAt }: ContainerState): DockerStatus {
  if (status === 'starting') return startedAt === null ? 'created' : 'exited';
  return status === 'stopping' ? 'running' : status;
}

/** The STATUS column, as docker's clients parse it. */
export function statusWords(state: ContainerState, now = Date.now()): string {
  const status = dockerStatus(state);
  const since = (iso: string | null) => humanDuration(Math.max(0, now - Date.parse(iso ?? '')));
  const exit = state.exit === null ? '' : ` (${state.exit.code}) ${since(state.exit.at)} ago`;
  switch (status) {
    case 'created':
      return 'Created';
    case 'removing':
      return 'Removal In Progress';
    case 'exited':
      return `Exited${exit === '' ? ' (0)' : exit}`;
    case 'restarting':
      return `Restarting${exit === '' ? ' (0)' : exit}`;
    case 'paused':
      return `Up ${since(state.startedAt)} (Paused)`;
    case 'running':
      return `Up ${since(state.startedAt)}${healthWords(state.health)}`;
  }
}

function healthWords(health: Health | null): string {
  if (health === null) return '';
  return health.status === 'starting' ? ' (health: starting)' : ` (${health.status})`;
}

/** `State` of inspect. */
export function stateJson({ state }: Pick<ContainerDetails, 'state'>): object {
  const status = dockerStatus(state);
  const { exit, failure, health } = state;
  const running = status === 'running' || status === 'paused' || status === 'restarting';
  return {
    Status: status,
    Running: running,
    Paused: status === 'paused',
    Restarting: status === 'restarting',
    OOMKilled: exit?.oomKilled ?? false,
    Dead: false,
    Pid: state.pid ?? 0,
    ExitCode: failure === null ? (exit?.code ?? 0) : (failure.detail?.exitCode ?? 128),
    Error: failure?.message ?? '',
    StartedAt: state.startedAt ?? ZERO_TIME,
    FinishedAt: exit?.at ?? ZERO_TIME,
    ...(health !== null && { Health: healthJson(health) }),
  };
}

function healthJson({ status, failingStreak, probes }: Health): object {
  return {
    Status: status,
    FailingStreak: failingStreak,
    Log: probes.map(({ startedAt, endedAt, exitCode, output }) => ({
      Start: startedAt,
      End: endedAt,
      ExitCode: exitCode,
      Output: output,
    })),
  };
}

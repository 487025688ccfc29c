import { DockerError } from '../server/failure.ts';
import { route, type Route } from '../server/router.ts';
import {
  containerChanges,
  exportContainer,
  readArchive,
  statArchive,
  writeArchive,
} from './container-files.ts';
import {
  createContainer,
  killContainer,
  pauseContainer,
  pruneContainers,
  removeContainer,
  renameContainer,
  restartContainer,
  startContainer,
  stopContainer,
  unpauseContainer,
  updateContainer,
  waitForContainer,
} from './container-life.ts';
import { inspectContainer, listContainers } from './container-list.ts';
import {
  attachContainer,
  containerLogs,
  containerStats,
  resizeContainer,
  topContainer,
} from './container-streams.ts';

const noCheckpoints = (): never => {
  throw new DockerError(501, 'checkpoints are not supported');
};

const noWebSockets = (): never => {
  throw new DockerError(501, 'attaching by WebSocket is not supported: use /attach with an upgrade to tcp');
};

export const containerRoutes: readonly Route[] = [
  route('GET', '/containers/json', listContainers),
  route('POST', '/containers/create', createContainer),
  route('POST', '/containers/prune', pruneContainers, { since: 25 }),
  route('GET', '/containers/{name}/json', inspectContainer),
  route('POST', '/containers/{name}/start', startContainer),
  route('POST', '/containers/{name}/stop', stopContainer),
  route('POST', '/containers/{name}/restart', restartContainer),
  route('POST', '/containers/{name}/kill', killContainer),
  route('POST', '/containers/{name}/pause', pauseContainer),
  route('POST', '/containers/{name}/unpause', unpauseContainer),
  route('POST', '/containers/{name}/wait', waitForContainer),
  route('POST', '/containers/{name}/rename', renameContainer),
  route('POST', '/containers/{name}/update', updateContainer),
  route('POST', '/containers/{name}/attach', attachContainer),
  route('GET', '/containers/{name}/attach/ws', noWebSockets),
  route('POST', '/containers/{name}/resize', resizeContainer),
  route('GET', '/containers/{name}/logs', containerLogs),
  route('GET', '/containers/{name}/stats', containerStats),
  route('GET', '/containers/{name}/top', topContainer),
  route('GET', '/containers/{name}/changes', containerChanges),
  route('GET', '/containers/{name}/export', exportContainer),
  route('HEAD', '/containers/{name}/archive', statArchive),
  route('GET', '/containers/{name}/archive', readArchive),
  route('PUT', '/containers/{name}/archive', writeArchive),
  route('GET', '/containers/{name}/checkpoints', noCheckpoints),
  route('POST', '/containers/{name}/checkpoints', noCheckpoints),
  route('DELETE', '/containers/{name}', removeContainer),
];

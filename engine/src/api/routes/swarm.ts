import { DockerError } from '../server/failure.ts';
import { json } from '../server/reply.ts';
import { type Method, route, type Route } from '../server/router.ts';

const NOT_A_MANAGER =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

const notAManager = (): never => {
  throw new DockerError(503, NOT_A_MANAGER);
};

const notOffered = (): never => {
  throw new DockerError(501, 'swarms are not supported');
};

const noPlugins = (): never => {
  throw new DockerError(501, 'plugins are not supported');
};

const METHODS: readonly Method[] = ['GET', 'POST', 'DELETE'];

/** What an engine answers that is in no swarm and has no plugins. */
export const swarmRoutes: readonly Route[] = [
  route('POST', '/swarm/init', notOffered),
  route('POST', '/swarm/join', notOffered),
  ...['/swarm', '/nodes', '/services', '/tasks', '/secrets', '/configs'].flatMap((path) =>
    METHODS.flatMap((method) => [
      route(method, path, notAManager),
      route(method, `${path}/{name}`, notAManager),
    ]),
  ),
  route('GET', '/plugins', () => json([])),
  route('GET', '/plugins/{name}', (call) => {
    throw new DockerError(404, `plugin "${call.name.replace(/\/json$/, '').slice(0, 200)}" not found`);
  }),
  route('POST', '/plugins/{name}', noPlugins),
  route('DELETE', '/plugins/{name}', noPlugins),
];

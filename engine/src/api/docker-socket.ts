import { contract, directClient, type EngineHandlers } from '../contract/index.ts';
import { dockerSocketPath } from '../folders.ts';
import { listenPrivately } from '../private-socket.ts';
import { Cancellations } from './builds/cancellations.ts';
import { ExecTable } from './execs/exec-table.ts';
import { buildRoutes } from './routes/build.ts';
import { containerRoutes } from './routes/containers.ts';
import { execRoutes } from './routes/execs.ts';
import { imageRoutes } from './routes/images.ts';
import { networkRoutes } from './routes/networks.ts';
import { swarmRoutes } from './routes/swarm.ts';
import { systemRoutes } from './routes/system.ts';
import { volumeRoutes } from './routes/volumes.ts';
import { DockerServer, type DockerServerOptions } from './server/docker-server.ts';
import { Router } from './server/router.ts';

const ROUTES = [
  ...systemRoutes,
  ...execRoutes,
  ...containerRoutes,
  ...imageRoutes,
  ...buildRoutes,
  ...networkRoutes,
  ...volumeRoutes,
  ...swarmRoutes,
];

/**
 * The engine as Docker's clients know one: the Docker Engine API on `<run>/docker.sock`, for this user alone (mode 0600).
 * The engine's lock on its data makes it the only one to use this path.
 */
export async function listenOnDockerSocket(
  handlers: EngineHandlers,
  runDir: string,
  options: DockerServerOptions = {},
): Promise<AsyncDisposable> {
  const engine = directClient(contract, handlers);
  const execs = new ExecTable();
  const context = { engine, execs, cancellations: new Cancellations() };
  const server = new DockerServer(new Router(ROUTES), context, options);
  await listenPrivately(server.http, dockerSocketPath(runDir));
  const watching = execs.watch(engine);
  return {
    async [Symbol.asyncDispose]() {
      execs[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
      await watching;
    },
  };
}

export { listenOnDockerSocket } from './docker-socket.ts';
export type { DockerServerOptions } from './server/docker-server.ts';

export { dockerSocketPath, listenOnDockerSocket } from './docker-socket.ts';

export { listenOnDockerSocket } from './docker-socket.ts';

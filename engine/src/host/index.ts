export { listenOnDockerSocket } from '../api/index.ts';
export { connectToEngine } from './door/connect.ts';
export { engineSocketPath, listenOnEngineSocket } from './door/engine-socket.ts';
export { pipe, refuse } from './door/pipe.ts';
export { type Dashboard, type DashboardOptions, startDashboard } from './dashboard/dashboard.ts';
export { findStaticFile } from './dashboard/static-files.ts';

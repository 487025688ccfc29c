export { Restarts } from './restarts.ts';

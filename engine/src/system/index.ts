export { System, type SystemOptions } from './system.ts';
export { type TaskContext, Tasks } from './tasks.ts';

export { Tasks, type TaskContext } from './tasks.ts';

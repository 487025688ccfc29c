export type { ImageUse, ImageUser } from './image-use.ts';
export type { TaskContext, Tasks } from './tasks.ts';

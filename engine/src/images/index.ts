export type { ImageUse, ImageUser } from './image-use.ts';
export type { TaskHandle, Tasks } from './tasks.ts';

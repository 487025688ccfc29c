import { z } from 'zod';
import type { SystemInfo, SystemUsage, Task } from '../types/index.ts';
import { call, output } from './operation.ts';
import { systemStorage } from './system-storage.ts';
import { text } from './values.ts';

export const system = {
  info: call(z.strictObject({}), output<SystemInfo>()),
  usage: call(z.strictObject({}), output<SystemUsage>()),
  /** Try again to start the agent: after its rights were granted, say. */
  startAgent: call(z.strictObject({}), output<SystemInfo>()),
  tasks: call(z.strictObject({}), output<readonly Task[]>()),
  cancelTask: call(z.strictObject({ task: text }), output<Task>()),
  /** Forgets the tasks that have ended. */
  clearTasks: call(z.strictObject({}), output<readonly Task[]>()),
  ...systemStorage,
} as const;

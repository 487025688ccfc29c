import { z } from 'zod';
import type { DockerAccess } from '../types/index.ts';
import { call, output } from './operation.ts';
import { text } from './values.ts';

const context = z.strictObject({ name: text.default('longshore') });

/** docker's command line on the engine's machine, and its way here. All answer what holds afterwards. */
export const docker = {
  access: call(context, output<DockerAccess>()),
  /** Writes the context, or writes it anew. */
  installContext: call(context, output<DockerAccess>()),
  /** Takes it away; docker goes back to its default when it was the current one. */
  removeContext: call(context, output<DockerAccess>()),
  /** Makes it the one that docker takes by itself (`docker context use`), or no longer. */
  useContext: call(context.extend({ use: z.boolean() }), output<DockerAccess>()),
} as const;

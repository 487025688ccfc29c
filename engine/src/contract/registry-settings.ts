import { z } from 'zod';
import type { RegistrySettings } from '../types/index.ts';
import { call, output } from './operation.ts';

const MAX_CONCURRENCY = 16;
/** Below this a pull would look as if it had died. */
const MIN_BYTES_PER_SECOND = 1024;

const address = z.string().max(1024);

export const registrySettings = z.strictObject({
  downloads: z
    .strictObject({
      concurrency: z.number().int().min(1).max(MAX_CONCURRENCY).default(4),
      bytesPerSecond: z.number().int().min(MIN_BYTES_PER_SECOND).nullable().default(null),
    })
    .prefault({}),
  proxy: z
    .strictObject({ http: address.default(''), https: address.default(''), noProxy: address.default('') })
    .nullable()
    .default(null),
  registries: z
    .array(
      z.strictObject({
        registry: z.string().min(1).max(255),
        mirrors: z.array(z.string().min(1).max(1024)).max(16).default([]),
        insecure: z.boolean().default(false),
      }),
    )
    .max(256)
    .default([]),
});

/** How registries are spoken to. What is saved holds for what begins from then on. */
export const registrySettingsOperations = {
  settings: call(z.strictObject({}), output<RegistrySettings>()),
  /**
   * Replaces all of them. Fails `invalid-argument`, with the field in `detail.path` as `registries.0.mirrors.1`; nothing
   * is changed then.
   */
  saveSettings: call(registrySettings, output<RegistrySettings>()),
} as const;

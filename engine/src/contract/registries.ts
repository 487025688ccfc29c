import { z } from 'zod';
import type { FoundImage, RegistrySignIn } from '../types/index.ts';
import { call, output } from './operation.ts';
import { registryContent } from './registry-content.ts';
import { registrySettingsOperations } from './registry-settings.ts';

/** Host with port if it has one; Docker Hub by any of its names. */
const registry = z.string().min(1).max(255);

export const signInRequest = z.strictObject({
  registry: registry.default('docker.io'),
  username: z.string().min(1).max(255),
  /** Or an access token, as the registry wants it. */
  password: z.string().min(1).max(65_536),
  /** Plain HTTP and any certificate will do. */
  insecure: z.boolean().default(false),
  /** False: only ask whether the registry accepts it. */
  keep: z.boolean().default(true),
});

export const registries = {
  /** Those that a person has signed in to, here or with docker's tools. */
  list: call(z.strictObject({}), output<readonly RegistrySignIn[]>()),
  /** Kept once the registry has accepted it. Fails `unauthenticated` when it does not. */
  signIn: call(signInRequest, output<RegistrySignIn>()),
  /** Forgets ours; fails `not-found` when there is none. */
  signOut: call(
    z.strictObject({ registry: registry.default('docker.io') }),
    output<{ readonly registry: string }>(),
  ),
  /** On Docker Hub, or of the registry that the term begins with: `localhost:5000/app`. */
  search: call(
    z.strictObject({
      term: z.string().min(1).max(255),
      limit: z.number().int().min(1).max(100).default(25),
      insecure: z.boolean().default(false),
    }),
    output<readonly FoundImage[]>(),
  ),
  ...registryContent,
  ...registrySettingsOperations,
} as const;

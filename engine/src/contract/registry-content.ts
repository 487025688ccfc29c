import { z } from 'zod';
import type { Referrer, RemoteManifest } from '../types/index.ts';
import { call, output } from './operation.ts';
import { text } from './values.ts';

const limit = z.number().int().min(1).max(10_000).default(1000);
const insecure = z.boolean().default(false);

/** What registries have, without pulling it. */
export const registryContent = {
  /** Its repositories, if it tells; Docker Hub and most public ones do not: `not-implemented`. */
  catalog: call(
    z.strictObject({ registry: z.string().min(1).max(255), insecure, limit }),
    output<readonly string[]>(),
  ),
  /** Of a repository, `ghcr.io/x/y`, as its registry lists them. */
  tags: call(z.strictObject({ repository: text, insecure, limit }), output<readonly string[]>()),
  /** What a tag or digest stands for. */
  manifest: call(z.strictObject({ reference: text, insecure }), output<RemoteManifest>()),
  /** What was attached to an image: signatures, lists of its parts. */
  referrers: call(
    z.strictObject({
      reference: text,
      /** Only of this type. */
      artifactType: z.string().min(1).max(255).optional(),
      insecure,
      limit,
    }),
    output<readonly Referrer[]>(),
  ),
  /** With all tags that stand for it. Many registries let nobody: `not-implemented`. */
  deleteManifest: call(z.strictObject({ reference: text, insecure }), output<{ readonly digest: string }>()),
} as const;

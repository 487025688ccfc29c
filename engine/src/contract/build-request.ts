import { z } from 'zod';
import { resourcesRequest, ulimitRequest } from './resources-request.ts';
import { binary, bytes, labels, platformInput, shortText, text } from './values.ts';

const MAX_DOCKERFILE = 4 * 1024 * 1024;
/** As Docker has it for a secret. */
const MAX_SECRET_BYTES = 500 * 1024;

const path = z.string().min(1).max(4096);

/** Where files for COPY come from. Paths are absolute, on the engine's machine. */
const contextInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), path }),
  /** A tar archive, plain or compressed, which the caller sends; only of the build's own context. */
  z.strictObject({ kind: z.literal('upload') }),
  z.strictObject({ kind: z.literal('git'), url: text }),
  /** Only of a named context. */
  z.strictObject({ kind: z.literal('image'), reference: text }),
  z.strictObject({ kind: z.literal('empty') }),
]);

/** A cache that was written by `registry` or `local`, or an image that was built with `inline`. */
const cacheSource = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['registry', 'inline']), reference: text }),
  z.strictObject({ type: z.literal('local'), path }),
]);

const cacheTarget = z.discriminatedUnion('type', [
  /** The steps of all stages, under a name of their own. */
  z.strictObject({ type: z.literal('registry'), reference: text }),
  /** The same in a folder of the engine's machine, as an OCI image layout. */
  z.strictObject({ type: z.literal('local'), path }),
  /** In the image itself: the steps of its own layers. */
  z.strictObject({ type: z.literal('inline') }),
]);

const output = z.discriminatedUnion('type', [
  /** Into the store, under the build's tags. */
  z.strictObject({ type: z.literal('image') }),
  /** The root's files in a folder of the engine's machine. */
  z.strictObject({ type: z.literal('local'), path }),
  /** Archives: of the root's files, as an OCI image layout, as `docker save` writes it. Without a path: to the caller. */
  z.strictObject({ type: z.enum(['tar', 'oci', 'docker']), path: path.optional() }),
]);

export const buildRequest = z.strictObject({
  context: contextInput,
  /** Relative to the context's root, or absolute; left out: `Dockerfile`. */
  dockerfile: path.optional(),
  /** The Dockerfile itself, in place of one in the context. */
  dockerfileText: z.string().max(MAX_DOCKERFILE).optional(),
  contexts: z.record(text, contextInput).default({}),
  tags: z.array(text).max(256).default([]),
  target: shortText.optional(),
  buildArgs: z.record(z.string().min(1).max(4096), z.string().max(131_072)).default({}),
  labels: labels.default({}),
  /** Left out: of this machine. */
  platform: platformInput.optional(),
  /** Several, in place of `platform`: one image with an index. */
  platforms: z.array(platformInput).max(16).default([]),
  noCache: z.boolean().default(false),
  /** Stages that are built anew, with what stands on them. */
  noCacheStages: z.array(text).max(256).default([]),
  /** Asks for base images anew, also for those that are here. */
  pull: z.boolean().default(false),
  /** Who the build is for registries, by host; of others the engine's own sign-ins are used. */
  credentials: z
    .record(text, z.strictObject({ username: text, password: z.string().max(65_536) }))
    .default({}),
  secrets: z
    .record(
      text,
      binary.refine((value) => value.length <= MAX_SECRET_BYTES, { message: 'is more than 500 KiB' }),
    )
    .default({}),
  /** Sockets of ssh agents by id, paths on the engine's machine. */
  ssh: z.record(text, path).default({}),
  network: z.enum(['default', 'none', 'host']).default('default'),
  /** What a Dockerfile may ask for besides. */
  allow: z
    .array(z.enum(['network.host', 'security.insecure']))
    .max(2)
    .default([]),
  extraHosts: z.array(text).max(1024).default([]),
  ulimits: z.array(ulimitRequest).max(64).default([]),
  shmSizeBytes: bytes.optional(),
  resources: resourcesRequest.default({}),
  cacheFrom: z.array(cacheSource).max(64).default([]),
  cacheTo: z.array(cacheTarget).max(8).default([]),
  outputs: z
    .array(output)
    .max(8)
    .default([{ type: 'image' }]),
  /** Pushes the image under its tags. */
  push: z.boolean().default(false),
  /** True: the build goes on when this stream is closed; `builds.cancel` ends it. */
  background: z.boolean().default(false),
});

export type BuildRequest = z.output<typeof buildRequest>;
export type BuildRequestInput = z.input<typeof buildRequest>;

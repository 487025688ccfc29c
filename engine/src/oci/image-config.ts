import { z } from 'zod';
import type { ImageHealthcheck, ImageHistoryEntry, ImageRunConfig, Platform } from '../types/index.ts';
import { nullish, platformSchema } from './descriptor.ts';
import { type Digest, digestSchema } from './digest.ts';
import { checkShape, MAX_CONFIG_BYTES, parseJson } from './document.ts';
import { normalizePlatform } from './platform.ts';

/** The OCI image config, as far as it describes the image; without its JSON's gaps and nulls. */
export interface ImageConfig {
  readonly platform: Platform;
  /** ISO 8601 as its maker wrote it; null when it is missing or no time. */
  readonly createdAt: string | null;
  readonly author: string | null;
  readonly run: ImageRunConfig;
  /** Of the uncompressed layers, lowest first. */
  readonly diffIds: readonly Digest[];
  readonly history: readonly ImageHistoryEntry[];
}

const text = nullish(z.string()).transform((value) => value ?? '');
const words = nullish(z.array(z.string())).transform((value) => value ?? []);
const labels = nullish(z.record(z.string(), z.string())).transform((value) => value ?? {});
/** Go's way to write a set. */
const set = nullish(z.record(z.string(), z.unknown())).transform((value) => Object.keys(value ?? {}));
const time = nullish(z.string()).transform((value) =>
  value !== null && value !== undefined && isTime(value) ? value : null,
);

/** Docker counts in nanoseconds, and writes 0 for "not said". */
const duration = nullish(z.number()).transform((value) =>
  value === null || value === undefined || value <= 0 ? null : value / 1e6,
);

/** Docker's extension of the OCI image config. */
const healthcheck = nullish(
  z.object({
    Test: words,
    Interval: duration,
    Timeout: duration,
    StartPeriod: duration,
    StartInterval: duration,
    Retries: nullish(z.number().int()),
  }),
);

const runSchema = z.object({
  User: text,
  Env: words,
  Entrypoint: words,
  Cmd: words,
  WorkingDir: text,
  ExposedPorts: set,
  Volumes: set,
  Labels: labels,
  StopSignal: text,
  Healthcheck: healthcheck,
});

const configSchema = platformSchema.extend({
  created: time,
  author: text,
  config: nullish(runSchema),
  rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(digestSchema) }),
  history: nullish(
    z.array(z.object({ created: time, created_by: text, comment: text, empty_layer: nullish(z.boolean()) })),
  ),
});

export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const document = parseJson(bytes, 'image config', MAX_CONFIG_BYTES);
  const config = checkShape(document, configSchema, 'image config');
  const { os, architecture, variant } = config;
  return {
    platform: normalizePlatform({ os, architecture, ...(variant !== '' && { variant }) }),
    createdAt: config.created,
    author: config.author === '' ? null : config.author,
    run: toRunConfig(config.config ?? runSchema.parse({})),
    diffIds: config.rootfs.diff_ids,
    history: (config.history ?? []).map((entry) => ({
      createdAt: entry.created,
      createdBy: entry.created_by,
      comment: entry.comment,
      emptyLayer: entry.empty_layer ?? false,
    })),
  };
}

function toRunConfig(run: z.infer<typeof runSchema>): ImageRunConfig {
  return {
    user: run.User,
    // "NAME" alone would take its value from whoever starts the container (CVE-2026-57231): it is no variable.
    env: run.Env.filter((variable) => variable.indexOf('=') > 0),
    entrypoint: run.Entrypoint,
    command: run.Cmd,
    workingDir: run.WorkingDir,
    exposedPorts: run.ExposedPorts,
    volumes: run.Volumes,
    labels: run.Labels,
    stopSignal: run.StopSignal === '' ? null : run.StopSignal,
    healthcheck: toHealthcheck(run.Healthcheck),
  };
}

/** Go's zero time, year 1, is how tools say "not known". */
function isTime(value: string): boolean {
  return !Number.isNaN(Date.parse(value)) && !value.startsWith('0001-');
}

function toHealthcheck(check: z.infer<typeof healthcheck>): ImageHealthcheck | null {
  if (check === null || check === undefined || check.Test.length === 0) return null;
  return {
    test: check.Test,
    intervalMs: check.Interval,
    timeoutMs: check.Timeout,
    startPeriodMs: check.StartPeriod,
    startIntervalMs: check.StartInterval,
    retries: (check.Retries ?? 0) > 0 ? (check.Retries ?? null) : null,
  };
}

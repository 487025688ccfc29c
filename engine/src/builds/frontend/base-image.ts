import { z } from 'zod';
import { parseTrigger, type RunConfigDocument, type TriggerInstruction } from '../dockerfile/index.ts';
import type { Root } from '../graph/vertex.ts';

/** An image that stages are built on, as it is in the store. */
export interface BaseImage {
  readonly id: string;
  readonly root: Root;
  readonly document: BaseDocument;
}

/** The parts of an image config that go over into what is built on it. */
export interface BaseDocument {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly created?: string;
  readonly config: RunConfigDocument;
  readonly history: readonly object[];
}

const strings = z.array(z.string()).nullish();
const set = z.record(z.string(), z.object({})).nullish();

const configSchema = z.object({
  User: z.string().nullish(),
  ExposedPorts: set,
  Env: strings,
  Entrypoint: strings,
  Cmd: strings,
  Volumes: set,
  WorkingDir: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  StopSignal: z.string().nullish(),
  Healthcheck: z.looseObject({ Test: z.array(z.string()) }).nullish(),
  OnBuild: strings,
  Shell: strings,
});

const documentSchema = z.object({
  architecture: z.string(),
  os: z.string(),
  variant: z.string().nullish(),
  created: z.string().nullish(),
  config: configSchema.nullish(),
  history: z.array(z.looseObject({})).nullish(),
});

/** `bytes` are a config that the store has taken. */
export function readBaseDocument(bytes: Uint8Array): BaseDocument {
  const { variant, created, config, history, ...platform } = documentSchema.parse(
    JSON.parse(new TextDecoder().decode(bytes)),
  );
  return {
    ...platform,
    ...(variant != null && { variant }),
    ...(created != null && { created }),
    config: Object.fromEntries(
      Object.entries(config ?? {}).filter(
        ([, value]) => value !== null && value !== undefined && value !== '',
      ),
    ),
    history: history ?? [],
  };
}

/** What the image asks of a build on it. */
export function triggersOf({ config }: BaseDocument): readonly TriggerInstruction[] {
  return (config.OnBuild ?? []).map(parseTrigger);
}

export function environmentOf({ Env = [] }: RunConfigDocument): ReadonlyMap<string, string> {
  return new Map(
    Env.flatMap((entry) => {
      const equals = entry.indexOf('=');
      return equals <= 0 ? [] : [[entry.slice(0, equals), entry.slice(equals + 1)] as const];
    }),
  );
}

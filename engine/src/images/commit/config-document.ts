import { z } from 'zod';
import { type Digest, parseImageConfig } from '../../oci/index.ts';
import type { RunConfigDocument } from '../../builds/dockerfile/index.ts';

/** What the new image says of itself, besides what the old one says. */
export interface CommitNotes {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly author: string;
  readonly message: string;
  /** The command whose files these are. */
  readonly createdBy: string;
}

const history = z.array(z.looseObject({ empty_layer: z.boolean().nullish() }));

/** The parts that are taken over as they are; what else a maker wrote is about its own build. */
const documentSchema = z.object({
  architecture: z.string(),
  os: z.string(),
  variant: z.string().exactOptional(),
  'os.version': z.string().exactOptional(),
  'os.features': z.array(z.string()).exactOptional(),
  config: z
    .looseObject({})
    .nullish()
    .transform((config) => config ?? {}),
  rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(z.string()) }),
  history: history.nullish().transform((entries) => entries ?? []),
});

const DEFAULT_STOP_SIGNAL = 'SIGTERM';

const RUN_FIELDS = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell',
] as const satisfies readonly (keyof RunConfigDocument)[];

/** An image config that can become that of a further layer. */
export class ConfigDocument {
  private readonly document: z.infer<typeof documentSchema>;

  /** `bytes` are a config that this engine has taken already. */
  constructor(bytes: Uint8Array) {
    // Checked once more as every config is, so that what is read here is of the right kind.
    parseImageConfig(bytes);
    this.document = documentSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  }

  /** What the image says, under what one of its containers was told. */
  runWith(told: RunConfigDocument): RunConfigDocument {
    const own = this.run;
    const { Healthcheck, StopSignal, ...rest } = told;
    // A container without a health check was told to have none only if its image has one; so with the default signal.
    const disabled = Healthcheck?.Test[0] === 'NONE' && own.Healthcheck === undefined;
    const byDefault = StopSignal === DEFAULT_STOP_SIGNAL && own.StopSignal === undefined;
    return {
      ...own,
      ...rest,
      ...(Healthcheck !== undefined && !disabled && { Healthcheck }),
      ...(StopSignal !== undefined && !byDefault && { StopSignal }),
    };
  }

  /** With one more layer on top. */
  committed(diffId: Digest, run: RunConfigDocument, notes: CommitNotes): Uint8Array {
    const { rootfs, history: before, config: _, ...platform } = this.document;
    const { createdAt, author, message, createdBy } = notes;
    const said = { ...(author !== '' && { author }) };
    const entry = {
      created: createdAt,
      created_by: createdBy,
      ...said,
      ...(message !== '' && { comment: message }),
    };
    const document = {
      created: createdAt,
      ...said,
      ...platform,
      config: withoutEmpty(run),
      rootfs: { type: rootfs.type, diff_ids: [...rootfs.diff_ids, diffId] },
      history: [...before, ...this.unsaid(), entry],
    };
    return new TextEncoder().encode(JSON.stringify(document));
  }

  private get run(): RunConfigDocument {
    const { config } = this.document;
    return Object.fromEntries(
      RUN_FIELDS.flatMap((field) => {
        const value = config[field];
        return value === undefined || value === null ? [] : [[field, value]];
      }),
    );
  }

  /** A history has an entry for each layer: those that its maker left out. */
  private unsaid(): readonly object[] {
    const { rootfs, history: entries } = this.document;
    const said = entries.filter(({ empty_layer }) => empty_layer !== true).length;
    return Array.from({ length: Math.max(0, rootfs.diff_ids.length - said) }, () => ({ created_by: '' }));
  }
}

function withoutEmpty(run: RunConfigDocument): RunConfigDocument {
  return Object.fromEntries(
    Object.entries(run).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0)),
  );
}

import type { Range, Word } from '../source/position.ts';
import type { CommandLine, CopySource, DeviceRequest, KeyValue, WrittenMount } from './words.ts';

interface InstructionBase {
  /** As it was written, in any case. */
  readonly keyword: Word;
  readonly range: Range;
  /** The instruction on one line, without continuation marks and here-documents. */
  readonly source: string;
  /** The lines of the file it stands on, from `range.start.line` on. */
  readonly sourceLines: readonly string[];
  /** The comments right above it, without `#`. */
  readonly comments: readonly string[];
}

export interface FromInstruction extends InstructionBase {
  readonly kind: 'from';
  /** An image, a stage or `scratch`; may hold variables, as `platform` may. */
  readonly image: Word;
  readonly platform: Word | null;
  /** `AS`, as written. */
  readonly as: Word | null;
  /** The stage's name as written; stages are found by its lower case. */
  readonly name: Word | null;
}

export interface ArgInstruction extends InstructionBase {
  readonly kind: 'arg';
  readonly args: readonly { readonly name: Word; readonly value: Word | null }[];
}

export interface RunInstruction extends InstructionBase {
  readonly kind: 'run';
  readonly command: CommandLine;
  readonly mounts: readonly WrittenMount[];
  readonly network: 'default' | 'none' | 'host';
  readonly security: 'sandbox' | 'insecure';
  readonly devices: readonly DeviceRequest[];
}

export interface CmdInstruction extends InstructionBase {
  readonly kind: 'cmd';
  readonly command: CommandLine;
}

export interface EntrypointInstruction extends InstructionBase {
  readonly kind: 'entrypoint';
  readonly command: CommandLine;
}

export interface ShellInstruction extends InstructionBase {
  readonly kind: 'shell';
  readonly args: readonly Word[];
}

export interface EnvInstruction extends InstructionBase {
  readonly kind: 'env';
  readonly pairs: readonly KeyValue[];
  /** `ENV key value`, the old form. */
  readonly legacy: boolean;
}

export interface LabelInstruction extends InstructionBase {
  readonly kind: 'label';
  readonly pairs: readonly KeyValue[];
  /** `LABEL key value`, the old form. */
  readonly legacy: boolean;
}

interface Transfer extends InstructionBase {
  readonly sources: readonly CopySource[];
  readonly destination: Word;
  readonly chown: Word | null;
  readonly chmod: Word | null;
  readonly link: boolean;
  /** Patterns as in .dockerignore. */
  readonly exclude: readonly Word[];
}

export interface CopyInstruction extends Transfer {
  readonly kind: 'copy';
  /** A stage's name or number, a named context or an image; null: the build context. */
  readonly from: Word | null;
  readonly parents: boolean;
}

export interface AddInstruction extends Transfer {
  readonly kind: 'add';
  readonly checksum: Word | null;
  /** Null: as the source's kind has it by default. */
  readonly keepGitDir: boolean | null;
  readonly unpack: boolean | null;
}

export interface ExposeInstruction extends InstructionBase {
  readonly kind: 'expose';
  /** `80`, `80/udp`, `8000-8010`; each may hold variables that are several ports. */
  readonly ports: readonly Word[];
}

export interface VolumeInstruction extends InstructionBase {
  readonly kind: 'volume';
  readonly paths: readonly Word[];
}

export interface UserInstruction extends InstructionBase {
  readonly kind: 'user';
  readonly user: Word;
}

export interface WorkdirInstruction extends InstructionBase {
  readonly kind: 'workdir';
  readonly path: Word;
}

export interface StopsignalInstruction extends InstructionBase {
  readonly kind: 'stopsignal';
  readonly signal: Word;
}

export interface MaintainerInstruction extends InstructionBase {
  readonly kind: 'maintainer';
  readonly name: Word;
}

/** Durations in nanoseconds; null: not said, the engine's default holds. */
export interface HealthcheckInstruction extends InstructionBase {
  readonly kind: 'healthcheck';
  /** Null: `HEALTHCHECK NONE`. */
  readonly command: CommandLine | null;
  readonly interval: number | null;
  readonly timeout: number | null;
  readonly startPeriod: number | null;
  readonly startInterval: number | null;
  readonly retries: number | null;
}

export interface OnbuildInstruction extends InstructionBase {
  readonly kind: 'onbuild';
  readonly trigger: TriggerInstruction;
  /** The trigger as it is kept in an image's config, here-documents included; `parseTrigger` reads it. */
  readonly expression: string;
}

export type Instruction =
  | AddInstruction
  | ArgInstruction
  | CmdInstruction
  | CopyInstruction
  | EntrypointInstruction
  | EnvInstruction
  | ExposeInstruction
  | FromInstruction
  | HealthcheckInstruction
  | LabelInstruction
  | MaintainerInstruction
  | OnbuildInstruction
  | RunInstruction
  | ShellInstruction
  | StopsignalInstruction
  | UserInstruction
  | VolumeInstruction
  | WorkdirInstruction;

export type InstructionKind = Instruction['kind'];

/** What may stand in a stage, after its FROM. */
export type StageInstruction = Exclude<Instruction, FromInstruction>;

/** What may stand behind ONBUILD. */
export type TriggerInstruction = Exclude<StageInstruction, OnbuildInstruction | MaintainerInstruction>;

const KINDS: Readonly<Record<InstructionKind, true>> = {
  add: true,
  arg: true,
  cmd: true,
  copy: true,
  entrypoint: true,
  env: true,
  expose: true,
  from: true,
  healthcheck: true,
  label: true,
  maintainer: true,
  onbuild: true,
  run: true,
  shell: true,
  stopsignal: true,
  user: true,
  volume: true,
  workdir: true,
};

/** Upper case, in the alphabet's order. */
export const KEYWORDS: readonly string[] = Object.keys(KINDS).map((kind) => kind.toUpperCase());

export function isInstructionKind(text: string): text is InstructionKind {
  return Object.hasOwn(KINDS, text);
}

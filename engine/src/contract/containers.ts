import { z } from 'zod';
import type {
  ContainerDetails,
  ContainerExit,
  ContainerSummary,
  LogBatch,
  ProcessOutput,
} from '../types/index.ts';
import { containerFiles } from './container-files.ts';
import { containerFilters } from './container-filters.ts';
import { containerLife } from './container-life.ts';
import { containerRequest } from './container-request.ts';
import { call, duplex, output, stream } from './operation.ts';
import { argument, argumentVector, binary, containerName, shortText, terminalSize, text } from './values.ts';

/** A name, an id, or an unambiguous beginning of an id. */
const container = text;
const target = z.strictObject({ container });

/** Signal by name, with or without SIG, or by number. */
const signal = z.string().max(32);

const timeoutSeconds = z.number().int().min(-1).max(86_400);

const processInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stdin'), data: binary }),
  z.strictObject({ kind: z.literal('resize'), size: terminalSize }),
]);

export const logQuery = z.strictObject({
  container,
  follow: z.boolean().default(false),
  /** The last so many lines; left out: all. */
  tail: z.number().int().nonnegative().optional(),
  /** ISO 8601. */
  since: z.string().max(64).optional(),
  until: z.string().max(64).optional(),
  stdout: z.boolean().default(true),
  stderr: z.boolean().default(true),
});

export const execRequest = z.strictObject({
  container,
  command: argumentVector.min(1),
  env: z.array(argument).max(65_536).default([]),
  workingDir: z.string().max(4096).optional(),
  user: shortText.optional(),
  tty: z.boolean().default(false),
  size: terminalSize.optional(),
  openStdin: z.boolean().default(false),
  /** Ends after `ready`; the process runs on. */
  detach: z.boolean().default(false),
  privileged: z.boolean().default(false),
  /** 64 hex digits that events name it by; left out: one is made. */
  id: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { message: 'must be 64 hexadecimal digits' })
    .optional(),
});

export const attachRequest = z.strictObject({
  container,
  stdin: z.boolean().default(true),
  stdout: z.boolean().default(true),
  stderr: z.boolean().default(true),
  /** Of a container that does not run yet: `ready` comes when starting it will lose no byte. */
  beforeStart: z.boolean().default(false),
});

const containerQuery = z.strictObject({
  /** Stopped ones as well; so with `last`, and when a filter asks for a status. */
  all: z.boolean().default(true),
  /** Only so many, the newest. */
  last: z.number().int().positive().optional(),
  filters: containerFilters.optional(),
});

export const containers = {
  /** Newest first. */
  list: call(containerQuery, output<readonly ContainerSummary[]>()),
  inspect: call(target, output<ContainerDetails>()),
  /** What `inspect` says of each that `list` has, in its order. */
  inspectAll: call(containerQuery, output<readonly ContainerDetails[]>()),
  create: call(containerRequest, output<ContainerDetails>()),
  /** Create and start; a container whose start fails is removed again unless it was given a name. */
  run: call(containerRequest, output<ContainerDetails>()),
  start: call(target, output<ContainerSummary>()),
  /** Its stop signal, then SIGKILL after the timeout (-1: never). Stopped already: succeeds. */
  stop: call(
    z.strictObject({ container, timeoutSeconds: timeoutSeconds.optional() }),
    output<ContainerSummary>(),
  ),
  kill: call(z.strictObject({ container, signal: signal.default('KILL') }), output<ContainerSummary>()),
  restart: call(
    z.strictObject({ container, timeoutSeconds: timeoutSeconds.optional() }),
    output<ContainerSummary>(),
  ),
  /** Running: refused without `force`. Its volumes stay, but for anonymous ones with `volumes`. */
  remove: call(
    z.strictObject({ container, force: z.boolean().default(false), volumes: z.boolean().default(false) }),
    output<{ readonly id: string }>(),
  ),
  rename: call(z.strictObject({ container, name: containerName }), output<ContainerSummary>()),
  /** Answers when it does not run, with its exit. */
  wait: call(
    z.strictObject({
      container,
      condition: z.enum(['not-running', 'next-exit', 'removed']).default('not-running'),
    }),
    output<ContainerExit>(),
  ),
  logs: stream(logQuery, output<LogBatch>()),
  attach: duplex(attachRequest, processInput, output<ProcessOutput>()),
  /** The terminal of its own command, whoever is attached. */
  resize: call(z.strictObject({ container, size: terminalSize }), output<{ readonly id: string }>()),
  exec: duplex(execRequest, processInput, output<ProcessOutput>()),
  ...containerLife,
  ...containerFiles,
} as const;

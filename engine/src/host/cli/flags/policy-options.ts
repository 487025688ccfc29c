import { type Command, InvalidArgumentError } from 'commander';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { omitUndefined, splitPair } from './defined.ts';
import { collect, parseDuration, parseInteger, parseSize } from './values.ts';

/** What is done with a container while it runs and when it ends. */
export interface PolicyOptions {
  readonly restart?: Restart;
  readonly healthCmd?: string;
  readonly healthInterval?: number;
  readonly healthTimeout?: number;
  readonly healthStartPeriod?: number;
  readonly healthStartInterval?: number;
  readonly healthRetries?: number;
  /** Commander's form of `--no-healthcheck`. */
  readonly healthcheck?: boolean;
  readonly logDriver?: string;
  readonly logOpt?: readonly string[];
}

type Restart = NonNullable<ContainerRequestInput['restart']>;
type Log = NonNullable<ContainerRequestInput['log']>;

/** The engine's own defaults, for the half that is not said. */
const LOG_MAX_SIZE = 20 * 1024 * 1024;
const LOG_MAX_FILES = 3;

export function addPolicyOptions(command: Command): Command {
  return command
    .option('--restart <policy>', 'no, always, unless-stopped or on-failure[:times]', parseRestart)
    .option('--health-cmd <command>', 'command for the shell that tells whether it is well')
    .option('--health-interval <duration>', 'time between two checks, such as 30s', parseDuration)
    .option('--health-timeout <duration>', 'how long a check may take', parseDuration)
    .option(
      '--health-start-period <duration>',
      'time to get ready, in which failures do not count',
      parseDuration,
    )
    .option(
      '--health-start-interval <duration>',
      'time between two checks while it gets ready',
      parseDuration,
    )
    .option('--health-retries <number>', 'failures in a row that make it unhealthy', parseInteger)
    .option('--no-healthcheck', "leave the image's health check out")
    .option('--log-driver <driver>', 'json-file or local: Longshore keeps the log itself')
    .option('--log-opt <name=value>', 'max-size=10m, max-file=3 (repeatable)', collect);
}

export function toPolicies(
  options: PolicyOptions,
): Pick<ContainerRequestInput, 'restart' | 'healthcheck' | 'log'> {
  return omitUndefined({
    restart: options.restart,
    healthcheck: toHealthcheck(options),
    log: toLog(options),
  });
}

/** `on-failure:5`. */
export function parseRestart(value: string): Restart {
  const [name = '', times] = value.split(':', 2);
  const policy = (['no', 'always', 'unless-stopped', 'on-failure'] as const).find((known) => known === name);
  if (policy === undefined || (times !== undefined && policy !== 'on-failure')) {
    throw new InvalidArgumentError('give no, always, unless-stopped, on-failure or on-failure:5');
  }
  return { name: policy, maximumRetries: times === undefined ? 0 : parseInteger(times) };
}

function toHealthcheck(options: PolicyOptions): ContainerRequestInput['healthcheck'] {
  const asked = omitUndefined({
    command: options.healthCmd,
    intervalMs: options.healthInterval,
    timeoutMs: options.healthTimeout,
    startPeriodMs: options.healthStartPeriod,
    startIntervalMs: options.healthStartInterval,
    retries: options.healthRetries,
  });
  const isAsked = Object.keys(asked).length > 0;
  if (options.healthcheck !== false) return isAsked ? asked : undefined;
  if (isAsked) throw new InvalidArgumentError('--no-healthcheck leaves nothing for the other --health flags');
  return { disabled: true };
}

function toLog({ logDriver, logOpt = [] }: PolicyOptions): Log | undefined {
  if (logDriver !== undefined && !['json-file', 'local'].includes(logDriver)) {
    throw new InvalidArgumentError(`there is no log driver "${logDriver}": Longshore keeps the logs itself`);
  }
  if (logOpt.length === 0) return undefined;
  const log = { maxSizeBytes: LOG_MAX_SIZE, maxFiles: LOG_MAX_FILES };
  for (const [name, value] of logOpt.map(splitPair)) {
    if (name === 'max-size') log.maxSizeBytes = value === '-1' ? 0 : parseSize(value);
    else if (name === 'max-file') log.maxFiles = parseInteger(value);
    else throw new InvalidArgumentError(`--log-opt does not know "${name}": it knows max-size and max-file`);
  }
  return log;
}

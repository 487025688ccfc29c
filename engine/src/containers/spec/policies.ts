import type { ContainerRequest } from '../../contract/index.ts';
import type { Healthcheck, ImageHealthcheck } from '../../types/index.ts';
import { refused } from './refused.ts';

/** Docker's defaults (moby, daemon/health.go). */
const INTERVAL_MS = 30_000;
const TIMEOUT_MS = 30_000;
const START_INTERVAL_MS = 5_000;
const RETRIES = 3;

const SHELL: readonly string[] = ['/bin/sh', '-c'];

/** What is asked over what the image says; null is "nobody looks". */
export function healthcheck(
  asked: ContainerRequest['healthcheck'],
  image: ImageHealthcheck | null,
): Healthcheck | null {
  if (asked !== undefined && 'disabled' in asked) return null;
  const command = asked?.command === undefined ? imageCommand(image) : askedCommand(asked.command);
  if (command === null) {
    if (asked === undefined) return null;
    return refused('A health check needs a command (--health-cmd), and the image has none.', 'healthcheck');
  }
  return {
    command,
    intervalMs: asked?.intervalMs ?? image?.intervalMs ?? INTERVAL_MS,
    timeoutMs: asked?.timeoutMs ?? image?.timeoutMs ?? TIMEOUT_MS,
    startPeriodMs: asked?.startPeriodMs ?? image?.startPeriodMs ?? 0,
    startIntervalMs: asked?.startIntervalMs ?? image?.startIntervalMs ?? START_INTERVAL_MS,
    retries: asked?.retries ?? image?.retries ?? RETRIES,
  };
}

function askedCommand(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? [...SHELL, command] : command;
}

function imageCommand(image: ImageHealthcheck | null): readonly string[] | null {
  const [kind, ...words] = image?.test ?? [];
  if (kind === 'CMD' && words.length > 0) return words;
  if (kind === 'CMD-SHELL' && words[0] !== undefined) return [...SHELL, words[0]];
  return null;
}

export function checkRestart({ autoRemove, restart }: ContainerRequest): void {
  if (autoRemove && restart.name !== 'no') {
    refused('A container that is removed when it exits (--rm) cannot be restarted (--restart).', 'restart');
  }
}

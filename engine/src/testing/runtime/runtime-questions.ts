import { randomBytes } from 'node:crypto';
import type { AttachRequest, ExecRequest, Runtime, RuntimeEvent } from '../../runtime/index.ts';
import type { LogBatch, ProcessInput, ProcessOutput } from '../../types/index.ts';

export async function eventsUntilExit(
  runtime: Runtime,
  afterSeq: number,
  id: string,
): Promise<readonly RuntimeEvent[]> {
  const seen: RuntimeEvent[] = [];
  for await (const event of runtime.events(afterSeq)) {
    if (event.id !== id) continue;
    seen.push(event);
    if (event.kind === 'exited') break;
  }
  return seen;
}

export async function firstLine(runtime: Runtime, id: string): Promise<void> {
  for await (const { records } of runtime.logs({ ...logs(id), follow: true })) {
    if (records.length > 0) return;
  }
}

export function exec(containerId: string, args: readonly string[]): ExecRequest {
  return {
    containerId,
    execId: randomBytes(32).toString('hex'),
    args,
    env: [],
    workingDir: '',
    user: '',
    groups: [],
    terminal: false,
    size: null,
    openStdin: false,
    detach: false,
    privileged: false,
  };
}

export function attach(containerId: string, more: Partial<AttachRequest>): AttachRequest {
  return { containerId, stdin: false, stdout: true, stderr: true, beforeStart: false, ...more };
}

export function logs(id: string): Parameters<Runtime['logs']>[0] {
  return { id, follow: false, tail: null, since: null, until: null, stdout: true, stderr: true };
}

export async function* none(): AsyncIterable<ProcessInput> {
  // No input, and its end at once.
}

export async function* typed(texts: readonly string[]): AsyncIterable<ProcessInput> {
  for (const text of texts) yield { kind: 'stdin', data: new TextEncoder().encode(text) };
}

export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const seen: T[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

export function textOf(outputs: readonly ProcessOutput[], kind: 'stdout' | 'stderr'): string {
  return outputs.map((output) => (output.kind === kind ? Buffer.from(output.data).toString() : '')).join('');
}

export function logText(batches: readonly LogBatch[]): string {
  return batches.flatMap(({ records }) => records.map(({ data }) => Buffer.from(data).toString())).join('');
}

import type { Command } from 'commander';
import type { LogRecord } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { parseMoment, parseTail } from '../flags/values.ts';

interface LogOptions {
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly tail?: number;
  readonly since?: string;
  readonly until?: string;
}

export function addLogs(program: Command, context: CommandContext): void {
  program
    .command('logs')
    .description('print what a container wrote')
    .argument('<container>')
    .option('-f, --follow', 'go on as it writes')
    .option('-t, --timestamps', 'begin each line with its time')
    .option('-n, --tail <lines>', 'the last so many lines, or all', parseTail)
    .option('--since <time>', 'from then on, or from so long ago (10m)', parseMoment)
    .option('--until <time>', 'up to then', parseMoment)
    .action(async (container: string, options: LogOptions) => {
      const client = await context.client();
      const query = {
        container,
        follow: options.follow ?? false,
        ...(options.tail !== undefined && { tail: options.tail }),
        ...(options.since !== undefined && { since: options.since }),
        ...(options.until !== undefined && { until: options.until }),
      };
      for await (const { records } of client.containers.logs(query, { signal: context.signal })) {
        await printRecords(records, options.timestamps ?? false, context);
      }
    });
}

/** Writes a batch with as few writes as its streams allow, and waits for a slow reader. */
async function printRecords(
  records: readonly LogRecord[],
  timestamps: boolean,
  context: CommandContext,
): Promise<void> {
  let held: Uint8Array[] = [];
  let stream: LogRecord['stream'] = 'stdout';
  const flush = async () => {
    const data = Buffer.concat(held);
    held = [];
    if (data.length > 0) await write(context[stream], data);
  };
  for (const record of records) {
    if (record.stream !== stream) await flush();
    stream = record.stream;
    if (timestamps) held.push(Buffer.from(`${record.at} `));
    held.push(record.data);
  }
  await flush();
}

function write(stream: NodeJS.WriteStream, data: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (stream.write(data)) resolve();
    else stream.once('drain', resolve);
  });
}

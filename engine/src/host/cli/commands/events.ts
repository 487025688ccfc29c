import type { Command } from 'commander';
import type { ContainerEvent, EngineEvent } from '../../../types/index.ts';
import { type CommandContext } from '../context.ts';
import { parseMoment } from '../flags/values.ts';
import { addFormat, type ListOptions } from './list-options.ts';

interface EventOptions extends ListOptions {
  readonly since?: string;
  readonly until?: string;
}

export function addEvents(program: Command, context: CommandContext): void {
  addFormat(program.command('events').description('print what happens, as it happens'))
    .option('--since <time>', 'from then on, as far as the engine remembers', parseMoment)
    .option('--until <time>', 'up to then', parseMoment)
    .action(async (options: EventOptions) => {
      const client = await context.client();
      const query = {
        ...(options.since !== undefined && { since: options.since }),
        ...(options.until !== undefined && { until: options.until }),
      };
      for await (const event of client.events.watch(query, { signal: context.signal })) {
        context.print(options.format === 'json' ? JSON.stringify(event) : eventLine(event));
      }
    });
}

/** `TIME TYPE ACTION SUBJECT (name=value, ...)`, as docker events prints it. */
export function eventLine(event: EngineEvent): string {
  const words = [event.at, event.type, event.action];
  switch (event.type) {
    case 'container': {
      const attributes = { image: event.image, name: event.name, ...event.attributes };
      return `${event.at} ${event.type} ${containerAction(event)} ${event.id} (${attributeWords(attributes)})`;
    }
    case 'network':
      return `${words.join(' ')} ${event.id} (${attributeWords(event.attributes)})`;
    case 'volume':
      return `${words.join(' ')} ${event.name} (${attributeWords(event.attributes)})`;
    case 'image':
      return `${words.join(' ')} ${event.id} (name=${event.reference})`;
    case 'build':
    case 'task':
      return `${words.join(' ')} ${event.id}`;
    case 'engine':
      return words.join(' ');
  }
}

function attributeWords(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** The attribute that docker says behind an action's name. */
const SAID_WITH_ACTION: Partial<Record<ContainerEvent['action'], string>> = {
  exec_create: 'command',
  exec_start: 'command',
  health_status: 'health_status',
};

function containerAction({ action, attributes }: ContainerEvent): string {
  const said = SAID_WITH_ACTION[action];
  return said === undefined ? action : `${action}: ${attributes[said] ?? ''}`;
}

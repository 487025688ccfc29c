import type { Command } from 'commander';
import { EngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { parsePort } from '../flags/ports.ts';
import { hostWords } from '../output/port-words.ts';

export function addPort(program: Command, context: CommandContext): void {
  program
    .command('port')
    .description('which ports of this machine lead to a container')
    .argument('<container>')
    .argument('[port]', 'only to this one of its ports, such as 80 or 53/udp', parsePort)
    .action(async (container: string, asked: ReturnType<typeof parsePort> | undefined) => {
      const { name, ports } = await (await context.client()).containers.inspect({ container });
      if (asked === undefined) {
        for (const port of ports) {
          context.print(`${port.containerPort}/${port.protocol} -> ${hostWords(port)}`);
        }
        return;
      }
      const wanted = ports.filter(
        ({ containerPort, protocol }) => containerPort === asked.containerPort && protocol === asked.protocol,
      );
      if (wanted.length === 0) {
        const port = `${asked.containerPort}/${asked.protocol}`;
        throw new EngineError('not-found', `No public port '${port}' published for ${name}.`);
      }
      for (const port of wanted) context.print(hostWords(port));
    });
}

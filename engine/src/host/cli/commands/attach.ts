import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { runSession } from '../terminal/session.ts';
import { forwardSignals } from '../terminal/signal-proxy.ts';

export function addAttach(program: Command, context: CommandContext): void {
  program
    .command('attach')
    .description("join a running container's standard streams (leave with Ctrl-P Ctrl-Q)")
    .argument('<container>')
    .option('--no-stdin', 'do not send input')
    .action(async (container: string, options: { stdin: boolean }) => {
      const client = await context.client();
      const { tty, spec } = await client.containers.inspect({ container });
      const stdin = options.stdin && spec.openStdin;
      using signals = tty
        ? undefined
        : forwardSignals((signal) => client.containers.kill({ container, signal }));
      const code = await runSession(client.containers.attach({ container, stdin }), context, { tty, stdin });
      context.exitCode = code ?? 0;
    });
}

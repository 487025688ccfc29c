import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import {
  addDetachKeys,
  addSigProxy,
  type DetachOptions,
  type SignalOptions,
} from '../flags/session-options.ts';
import { runSession } from '../terminal/session.ts';
import { forwardSignals } from '../terminal/signal-proxy.ts';

interface AttachOptions extends DetachOptions, SignalOptions {
  /** False with --no-stdin. */
  readonly stdin: boolean;
}

export function addAttach(program: Command, context: CommandContext): void {
  const command = program
    .command('attach')
    .description("join a running container's standard streams")
    .argument('<container>')
    .option('--no-stdin', 'do not send input');
  addSigProxy(addDetachKeys(command)).action(async (container: string, options: AttachOptions) => {
    const client = await context.client();
    const { tty, spec } = await client.containers.inspect({ container });
    const stdin = options.stdin && spec.openStdin;
    using signals =
      tty || !options.sigProxy
        ? undefined
        : forwardSignals((signal) => client.containers.kill({ container, signal }));
    const call = client.containers.attach({ container, stdin });
    const code = await runSession(call, context, { tty, stdin, detachKeys: options.detachKeys });
    context.exitCode = code ?? 0;
  });
}

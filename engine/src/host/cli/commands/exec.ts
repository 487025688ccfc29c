import type { Command } from 'commander';
import { EngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { resolveEnv } from '../flags/env.ts';
import { collect } from '../flags/values.ts';
import { addDetachKeys, type DetachOptions } from '../flags/session-options.ts';
import { localTerminalSize, runSession } from '../terminal/session.ts';

interface ExecOptions extends DetachOptions {
  readonly detach?: boolean;
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly privileged?: boolean;
}

export function addExec(program: Command, context: CommandContext): void {
  const verb = program
    .command('exec')
    .description('run a further command in a running container')
    .argument('<container>')
    .argument('<command...>')
    .passThroughOptions()
    .option('-d, --detach', 'leave it running')
    .option('-i, --interactive', 'keep stdin open')
    .option('-t, --tty', 'give it a terminal')
    .option('-e, --env <name=value>', 'environment variable (repeatable)', collect)
    .option('-w, --workdir <folder>', 'working folder')
    .option('-u, --user <user>', 'user or uid, with an optional :group')
    .option('--privileged', 'with all capabilities');
  addDetachKeys(verb).action(async (container: string, command: string[], options: ExecOptions) => {
    context.exitCode = await exec(container, command, options, context);
  });
}

async function exec(
  container: string,
  command: readonly string[],
  options: ExecOptions,
  context: CommandContext,
): Promise<number> {
  const { tty = false, interactive = false, detach = false } = options;
  if (tty && interactive && !context.stdin.isTTY) {
    throw new EngineError('failed-precondition', 'The input is not a terminal.', {
      hint: 'Leave -t out when input comes from a pipe or a file.',
    });
  }
  const size = localTerminalSize(context.stdout);
  const client = await context.client();
  const call = client.containers.exec({
    container,
    command: [...command],
    env: resolveEnv(options.env ?? []),
    tty,
    detach,
    openStdin: interactive && !detach,
    privileged: options.privileged ?? false,
    ...(options.workdir !== undefined && { workingDir: options.workdir }),
    ...(options.user !== undefined && { user: options.user }),
    ...(tty && size !== undefined && { size }),
  });
  return (
    (await runSession(call, context, {
      tty,
      stdin: interactive && !detach,
      detachKeys: options.detachKeys,
    })) ?? 0
  );
}

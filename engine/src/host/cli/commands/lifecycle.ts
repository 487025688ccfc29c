import { type Command, Option } from 'commander';
import { isEngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { parseInteger } from '../flags/values.ts';
import { errorLines } from '../output/print-error.ts';
import {
  addDetachKeys,
  addSigProxy,
  type DetachOptions,
  type SignalOptions,
} from '../flags/session-options.ts';
import { runSession } from '../terminal/session.ts';
import { forwardSignals } from '../terminal/signal-proxy.ts';
import { runForEach } from './for-each.ts';

interface TimeOption {
  readonly time?: number;
}

interface RemoveOptions {
  readonly force?: boolean;
  readonly volumes?: boolean;
}

interface StartOptions extends DetachOptions, SignalOptions {
  readonly attach?: boolean;
  readonly interactive?: boolean;
}

type WaitCondition = 'not-running' | 'next-exit' | 'removed';

const timeout = ({ time }: TimeOption) => (time === undefined ? {} : { timeoutSeconds: time });

export function addStart(program: Command, context: CommandContext): void {
  const command = program
    .command('start')
    .description('start containers that exist')
    .argument('<container...>')
    .option('-a, --attach', 'join its output')
    .option('-i, --interactive', 'join its input as well');
  addSigProxy(addDetachKeys(command)).action(async (names: string[], options: StartOptions) => {
    const client = await context.client();
    const [container = ''] = names;
    if (options.attach !== true && options.interactive !== true) {
      await runForEach(names, context, async (name) => {
        await client.containers.start({ container: name });
        context.print(name);
      });
      return;
    }
    const { tty, spec } = await client.containers.inspect({ container });
    const stdin = options.interactive === true && spec.openStdin;
    const call = client.containers.attach({ container, stdin, beforeStart: true });
    const onReady = async () => {
      await client.containers.start({ container });
    };
    using signals =
      tty || !options.sigProxy
        ? undefined
        : forwardSignals((signal) => client.containers.kill({ container, signal }));
    const { detachKeys } = options;
    context.exitCode = (await runSession(call, context, { tty, stdin, detachKeys, onReady })) ?? 0;
  });
}

export function addStop(program: Command, context: CommandContext): void {
  addEach(program, 'stop', 'ask containers to stop, and kill those that do not in time')
    .option('-t, --time <seconds>', 'seconds until it is killed; -1 for never', parseInteger)
    .action(async (names: string[], options: TimeOption) => {
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        await client.containers.stop({ container, ...timeout(options) });
        context.print(container);
      });
    });
}

export function addRestart(program: Command, context: CommandContext): void {
  addEach(program, 'restart', 'stop containers and start them again')
    .option('-t, --time <seconds>', 'seconds until it is killed; -1 for never', parseInteger)
    .action(async (names: string[], options: TimeOption) => {
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        await client.containers.restart({ container, ...timeout(options) });
        context.print(container);
      });
    });
}

export function addKill(program: Command, context: CommandContext): void {
  addEach(program, 'kill', 'send containers a signal, KILL by default')
    .option('-s, --signal <signal>', 'name or number', 'KILL')
    .action(async (names: string[], { signal }: { signal: string }) => {
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        await client.containers.kill({ container, signal });
        context.print(container);
      });
    });
}

export function addRemove(program: Command, context: CommandContext): void {
  addEach(program, 'rm', 'remove containers')
    .option('-f, --force', 'kill those that run')
    .option('-v, --volumes', 'remove with them the volumes that nobody named')
    .action(async (names: string[], { force = false, volumes = false }: RemoveOptions) => {
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        try {
          await client.containers.remove({ container, force, volumes });
          context.print(container);
        } catch (error) {
          // As docker: who removes by force wants it gone, and gone it is.
          if (!force || !isEngineError(error, 'not-found')) throw error;
          for (const line of errorLines(error)) context.say(line);
        }
      });
    });
}

export function addWait(program: Command, context: CommandContext): void {
  addEach(program, 'wait', 'wait until containers stop, and print their exit codes')
    .addOption(
      new Option('--condition <condition>', 'what to wait for')
        .choices(['not-running', 'next-exit', 'removed'])
        .default('not-running'),
    )
    .action(async (names: string[], { condition }: { condition: WaitCondition }) => {
      const client = await context.client();
      const { signal } = context;
      // All at once: the second may be over before the first.
      const exits = names.map((container) => client.containers.wait({ container, condition }, { signal }));
      for (const exit of exits) exit.catch(() => undefined);
      await runForEach([...exits.keys()], context, async (index) => {
        const exit = await exits[index];
        if (exit !== undefined) context.print(String(exit.code));
      });
    });
}

export function addRename(program: Command, context: CommandContext): void {
  program
    .command('rename')
    .description('give a container another name')
    .argument('<container>')
    .argument('<name>')
    .action(async (container: string, name: string) => {
      await (await context.client()).containers.rename({ container, name });
    });
}

function addEach(program: Command, verb: string, description: string): Command {
  return program.command(verb).description(description).argument('<container...>');
}

import type { Command } from 'commander';
import { isEngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { parseInteger } from '../flags/values.ts';
import { errorLines } from '../output/print-error.ts';
import { runSession } from '../terminal/session.ts';
import { runForEach } from './for-each.ts';

interface TimeOption {
  readonly time?: number;
}

const timeout = ({ time }: TimeOption) => (time === undefined ? {} : { timeoutSeconds: time });

export function addStart(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description('start containers that exist')
    .argument('<container...>')
    .option('-a, --attach', 'join its output')
    .option('-i, --interactive', 'join its input as well')
    .action(async (names: string[], options: { attach?: boolean; interactive?: boolean }) => {
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
      context.exitCode = (await runSession(call, context, { tty, stdin, onReady })) ?? 0;
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
    .action(async (names: string[], { force = false }: { force?: boolean }) => {
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        try {
          await client.containers.remove({ container, force });
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
  addEach(program, 'wait', 'wait until containers stop, and print their exit codes').action(
    async (names: string[]) => {
      const client = await context.client();
      await runForEach(names, context, async (container) => {
        const exit = await client.containers.wait({ container }, { signal: context.signal });
        context.print(String(exit.code));
      });
    },
  );
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

import type { Command } from 'commander';
import { EngineError } from '../../../errors/index.ts';
import { dockerConfigDir, dockerSocketPath } from '../../../folders.ts';
import type { CommandContext, Folders } from '../context.ts';
import { installContext, removeContext } from '../docker-context/context-files.ts';

interface ContextOptions {
  readonly name: string;
}

/** `docker --context longshore ps`: docker's own command line on this engine. */
export function addDockerContext(program: Command, context: CommandContext, folders: () => Folders): void {
  const group = program.command('context').description("lead docker's command line to this engine");
  group
    .command('install')
    .description('write a context for docker(1): docker --context longshore ps')
    .option('--name <name>', 'of the context', 'longshore')
    .action(async ({ name }: ContextOptions) => {
      const socketPath = dockerSocketPath(folders().runDir);
      await installContext(dockerConfigDir(), name, socketPath);
      context.print(name);
      context.say(
        `Use it once with "docker --context ${name} ps", or always with "docker context use ${name}".`,
      );
    });
  group
    .command('remove')
    .description('take the context away again')
    .option('--name <name>', 'of the context', 'longshore')
    .action(async ({ name }: ContextOptions) => {
      if (await removeContext(dockerConfigDir(), name)) context.print(name);
      else throw new EngineError('not-found', `There is no context "${name}".`, { detail: { path: name } });
    });
}

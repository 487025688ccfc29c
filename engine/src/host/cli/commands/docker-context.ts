import type { Command } from 'commander';
import { DockerTools } from '../../../docker-tools/index.ts';
import { EngineError } from '../../../errors/index.ts';
import { dockerConfigDir, dockerSocketPath } from '../../../folders.ts';
import type { CommandContext, Folders } from '../context.ts';

interface ContextOptions {
  readonly name: string;
}

/** `docker --context longshore ps`: docker's own command line on this engine. It need not run for that. */
export function addDockerContext(program: Command, context: CommandContext, folders: () => Folders): void {
  const group = program.command('context').description("lead docker's command line to this engine");
  const tools = () =>
    new DockerTools({
      configDir: dockerConfigDir(),
      socketPath: dockerSocketPath(folders().runDir),
      env: process.env,
    });
  group
    .command('install')
    .description('write a context for docker(1): docker --context longshore ps')
    .option('--name <name>', 'of the context', 'longshore')
    .action(async ({ name }: ContextOptions) => {
      await tools().install(name);
      context.print(name);
      context.say(
        `Use it once with "docker --context ${name} ps", or always with "docker context use ${name}".`,
      );
    });
  group
    .command('remove')
    .description('take the context away again; docker goes back to its default if it used it')
    .option('--name <name>', 'of the context', 'longshore')
    .action(async ({ name }: ContextOptions) => {
      if (await tools().remove(name)) context.print(name);
      else throw new EngineError('not-found', `There is no context "${name}".`, { detail: { path: name } });
    });
}

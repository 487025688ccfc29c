import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { parseCopy } from '../copy/copy-argument.ts';
import { copyFromContainer } from '../copy/from-container.ts';
import { copyToContainer } from '../copy/to-container.ts';

interface Options {
  readonly archive?: boolean;
  readonly followLink?: boolean;
  readonly quiet?: boolean;
}

export function addCopy(program: Command, context: CommandContext): void {
  program
    .command('cp')
    .description('copy files between a container and this machine; NAME:PATH is in the container')
    .argument('<source>', 'NAME:PATH, a path, or - for a tar archive on stdin')
    .argument('<target>', 'a path, NAME:PATH, or - for a tar archive on stdout')
    .option('-a, --archive', "the container's user owns what is copied into it")
    .option('-L, --follow-link', 'a link that is the source stands for what it leads to')
    .option('-q, --quiet', 'show no progress')
    .action(async (source: string, target: string, options: Options) => {
      const copy = parseCopy(source, target);
      const { archive = false, followLink = false, quiet = false } = options;
      const run = copy.direction === 'from-container' ? copyFromContainer : copyToContainer;
      await run(copy, { archive, followLink, quiet }, context);
      // A stdin that is still read keeps the program alive.
      if (source === '-') context.stdin.destroy();
    });
}

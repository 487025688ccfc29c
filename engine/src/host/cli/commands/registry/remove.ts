import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { confirms } from '../confirm.ts';

interface RemoveOptions {
  readonly force?: boolean;
  readonly insecure?: boolean;
}

export function addRemoveManifest(group: Command, context: CommandContext): void {
  group
    .command('rm')
    .description('delete an image in its registry, with all tags that stand for it')
    .argument('<image>', 'by tag or digest')
    .option('-f, --force', 'do not ask first')
    .option('--insecure', 'plain HTTP and any certificate will do')
    .action(async (reference: string, { force = false, insecure = false }: RemoveOptions) => {
      const warning = `This deletes ${reference} in its registry, for everybody.`;
      if (!force && !(await confirms(warning, context))) return;
      const { registries } = await context.client();
      const { digest } = await registries.deleteManifest({ reference, insecure });
      context.print(`Deleted: ${digest}`);
    });
}

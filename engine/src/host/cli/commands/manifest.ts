import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

interface InspectOptions {
  readonly insecure?: boolean;
  readonly verbose?: boolean;
}

/** `manifest inspect`: what a name stands for in its registry, without pulling it. */
export function addInspectManifest(group: Command, context: CommandContext): void {
  group
    .command('inspect')
    .description("print an image's manifest or index as its registry has it")
    .argument('<image>', 'by tag or digest')
    .option('--insecure', 'plain HTTP and any certificate will do')
    .option('-v, --verbose', 'with its digest, size and platforms')
    .action(async (reference: string, { insecure = false, verbose = false }: InspectOptions) => {
      const { registries } = await context.client();
      const { document, ...told } = await registries.manifest({ reference, insecure });
      const parsed: unknown = JSON.parse(document);
      context.print(JSON.stringify(verbose ? { ...told, document: parsed } : parsed, null, 3));
    });
}

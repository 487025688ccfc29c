import type { Command } from 'commander';
import type { EngineClient } from '../../../../contract/index.ts';
import { EngineError } from '../../../../errors/index.ts';
import type { CommandContext } from '../../context.ts';
import { formatItems } from '../../output/template.ts';
import { humanSize } from '../../output/units.ts';
import { TRASH_COLUMNS } from '../../output/volume-columns.ts';
import { confirms } from '../confirm.ts';
import { printJsonLines } from '../list-options.ts';

const TABLE = 'table {{.ID}}\t{{.Name}}\t{{.Removed}}\t{{.ExpiresAt}}\t{{.Size}}';

/** `volume trash`: what was removed and can be had back. */
export function addVolumeTrash(group: Command, context: CommandContext): void {
  const trash = group.command('trash').description('volumes that were removed or emptied');
  addList(trash, context);
  addRestore(trash, context);
  addPurge(trash, context);
}

function addList(trash: Command, context: CommandContext): void {
  trash
    .command('ls')
    .alias('list')
    .description('list what can be restored')
    .option('--format <format>', 'table, json, or a template such as {{.Name}}')
    .action(async ({ format = 'table' }: { readonly format?: string }) => {
      const found = await (await context.client()).volumes.trash({});
      if (format === 'json') {
        printJsonLines(found, context);
        return;
      }
      const asked = format === 'table' ? TABLE : format;
      for (const line of formatItems(found, asked, TRASH_COLUMNS)) context.print(line);
    });
}

function addRestore(trash: Command, context: CommandContext): void {
  trash
    .command('restore')
    .description('bring a volume back')
    .argument('<volume>', 'its name, or its id in the trash')
    .argument('[name]', 'another name for it')
    .action(async (wanted: string, name: string | undefined) => {
      const client = await context.client();
      const trashed = await idOf(client, wanted);
      const restored = await client.volumes.restore({ trashed, ...(name !== undefined && { name }) });
      context.print(restored.name);
    });
}

function addPurge(trash: Command, context: CommandContext): void {
  trash
    .command('purge')
    .description('remove for good; without names everything')
    .argument('[volume...]', 'names, or ids in the trash')
    .option('-f, --force', 'do not ask first')
    .action(async (wanted: string[], { force = false }: { readonly force?: boolean }) => {
      const which = wanted.length === 0 ? 'everything in the trash' : wanted.join(', ');
      if (!force && !(await confirms(`This removes ${which} for good.`, context))) return;
      const client = await context.client();
      const trashed: string[] = [];
      for (const each of wanted) trashed.push(await idOf(client, each));
      const { freedBytes } = await client.volumes.purge({ trashed });
      context.print(`Total reclaimed space: ${humanSize(freedBytes)}`);
    });
}

/** The beginning of an id stands for it, as everywhere on this command line; a name stands for itself. */
async function idOf({ volumes }: EngineClient, wanted: string): Promise<string> {
  const trash = await volumes.trash({});
  if (trash.some(({ name }) => name === wanted)) return wanted;
  const [first, second] = trash.filter(({ id }) => id.startsWith(wanted));
  if (second !== undefined) {
    throw new EngineError('invalid-argument', `Several ids in the trash begin with ${wanted}.`, {
      detail: { path: wanted },
    });
  }
  return first?.id ?? wanted;
}

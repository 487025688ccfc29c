import type { Command } from 'commander';
import type { Referrer } from '../../../../types/index.ts';
import type { CommandContext } from '../../context.ts';
import { type Columns, formatItems } from '../../output/template.ts';
import { humanSize } from '../../output/units.ts';
import { printJsonLines } from '../list-options.ts';

interface LookOptions {
  readonly insecure?: boolean;
}

interface ReferrersOptions extends LookOptions {
  readonly artifactType?: string;
  readonly format?: string;
}

const REFERRERS_TABLE = 'table {{.Digest}}\t{{.ArtifactType}}\t{{.Size}}';

const REFERRER_COLUMNS: Columns<Referrer> = {
  Digest: { heading: 'DIGEST', value: ({ digest }) => digest },
  ArtifactType: { heading: 'ARTIFACT TYPE', value: ({ artifactType }) => artifactType },
  MediaType: { heading: 'MEDIA TYPE', value: ({ mediaType }) => mediaType },
  Size: { heading: 'SIZE', value: ({ sizeBytes }) => humanSize(sizeBytes) },
};

export function addCatalog(group: Command, context: CommandContext): void {
  group
    .command('catalog')
    .description('list the repositories of a registry that tells them')
    .argument('<registry>', 'such as localhost:5000')
    .option('--insecure', 'plain HTTP and any certificate will do')
    .action(async (registry: string, { insecure = false }: LookOptions) => {
      const { registries } = await context.client();
      for (const name of await registries.catalog({ registry, insecure })) context.print(name);
    });
}

export function addTags(group: Command, context: CommandContext): void {
  group
    .command('tags')
    .description('list the tags of a repository')
    .argument('<repository>', 'such as debian, or ghcr.io/team/app')
    .option('--insecure', 'plain HTTP and any certificate will do')
    .action(async (repository: string, { insecure = false }: LookOptions) => {
      const { registries } = await context.client();
      for (const tag of await registries.tags({ repository, insecure })) context.print(tag);
    });
}

export function addReferrers(group: Command, context: CommandContext): void {
  group
    .command('referrers')
    .description('list what was attached to an image: signatures, lists of its parts')
    .argument('<image>', 'by tag or digest')
    .option('--artifact-type <type>', 'only of this type')
    .option('--insecure', 'plain HTTP and any certificate will do')
    .option('--format <format>', 'table, json, or a template such as {{.Digest}}')
    .action(async (reference: string, options: ReferrersOptions) => {
      const { artifactType, format = 'table', insecure = false } = options;
      const { registries } = await context.client();
      const request = { reference, insecure, ...(artifactType !== undefined && { artifactType }) };
      const found = await registries.referrers(request);
      if (format === 'json') {
        printJsonLines(found, context);
        return;
      }
      const asked = format === 'table' ? REFERRERS_TABLE : format;
      for (const line of formatItems(found, asked, REFERRER_COLUMNS)) context.print(line);
    });
}

import { type Command, InvalidArgumentError } from 'commander';
import { EngineError } from '../../../../errors/index.ts';
import type { DownloadLimits, RegistryPolicy, RegistrySettings } from '../../../../types/index.ts';
import type { CommandContext } from '../../context.ts';
import { collect, parseInteger, parseSize } from '../../flags/values.ts';

interface PolicyOptions {
  readonly mirror?: readonly string[];
  /** False with --no-insecure. */
  readonly insecure?: boolean;
}

interface DownloadOptions {
  readonly concurrency?: number;
  readonly rate?: number | null;
}

interface ProxyOptions {
  readonly http?: string;
  readonly https?: string;
  readonly direct?: string;
  readonly environment?: boolean;
}

export function addSettings(group: Command, context: CommandContext): void {
  group
    .command('settings')
    .description('print how registries are spoken to, as JSON')
    .action(async () => {
      const { registries } = await context.client();
      context.print(JSON.stringify(await registries.settings({}), null, 2));
    });
}

export function addSetRegistry(group: Command, context: CommandContext): void {
  group
    .command('set')
    .description('say how a registry is spoken to; what is left out stays as it is')
    .argument('<registry>', 'such as docker.io, or localhost:5000')
    .option(
      '--mirror <host>',
      'ask this one before the registry itself (repeatable; replaces those before)',
      collect,
    )
    .option('--insecure', 'plain HTTP and any certificate will do')
    .option('--no-insecure', 'only over TLS, with a certificate that can be trusted')
    .action(async (registry: string, { mirror, insecure }: PolicyOptions) => {
      await change(context, ({ registries, ...rest }) => {
        const before = registries.find((policy) => policy.registry === registry);
        const policy: RegistryPolicy = {
          registry,
          mirrors: mirror ?? before?.mirrors ?? [],
          insecure: insecure ?? before?.insecure ?? false,
        };
        return { ...rest, registries: [...without(registries, registry), policy] };
      });
    });
}

export function addUnsetRegistry(group: Command, context: CommandContext): void {
  group
    .command('unset')
    .description('forget what was set for a registry')
    .argument('<registry>')
    .action(async (registry: string) => {
      await change(context, ({ registries, ...rest }) => {
        const left = without(registries, registry);
        if (left.length < registries.length) return { ...rest, registries: left };
        throw new EngineError('not-found', `Nothing is set for ${registry}.`, { detail: { path: registry } });
      });
    });
}

export function addDownloads(group: Command, context: CommandContext): void {
  group
    .command('downloads')
    .description('bound all downloads together')
    .option('--concurrency <number>', 'layers at once', parseInteger)
    .option('--rate <size>', 'bytes in a second, such as 5m; none: as fast as it goes', parseRate)
    .action(async ({ concurrency, rate }: DownloadOptions) => {
      const limits: Partial<DownloadLimits> = {
        ...(concurrency !== undefined && { concurrency }),
        ...(rate !== undefined && { bytesPerSecond: rate }),
      };
      await change(context, ({ downloads, ...rest }) => ({
        ...rest,
        downloads: { ...downloads, ...limits },
      }));
    });
}

export function addProxy(group: Command, context: CommandContext): void {
  group
    .command('proxy')
    .description('name the proxies that registries are reached by')
    .option('--http <address>', 'for plain HTTP, such as http://proxy.example.com:3128')
    .option('--https <address>')
    .option('--direct <hosts>', 'reached without a proxy: *.example.com,10.0.0.1')
    .option('--environment', 'as HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the engine say')
    .action(async ({ http = '', https = '', direct = '', environment = false }: ProxyOptions) => {
      if (environment === (http !== '' || https !== '')) {
        throw new EngineError(
          'invalid-argument',
          'Name a proxy with --http or --https, or give --environment.',
        );
      }
      const proxy = environment ? null : { http, https, noProxy: direct };
      await change(context, (settings) => ({ ...settings, proxy }));
    });
}

/** Reads the settings, changes them, and saves them. */
async function change(
  context: CommandContext,
  edit: (settings: RegistrySettings) => RegistrySettings,
): Promise<void> {
  const { registries } = await context.client();
  const { downloads, proxy, registries: policies } = edit(await registries.settings({}));
  await registries.saveSettings({
    downloads,
    proxy,
    registries: policies.map((policy) => ({ ...policy, mirrors: [...policy.mirrors] })),
  });
}

function without(policies: readonly RegistryPolicy[], registry: string): readonly RegistryPolicy[] {
  return policies.filter((policy) => policy.registry !== registry);
}

function parseRate(text: string): number | null {
  if (text === 'none') return null;
  const rate = parseSize(text);
  if (rate > 0) return rate;
  throw new InvalidArgumentError('give a size such as 5m, or none');
}

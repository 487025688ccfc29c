import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../../context.ts';
import { omitUndefined } from '../../flags/defined.ts';
import { parseEndpointOption, parseLink, parsePriority } from '../../flags/network-options.ts';
import { collect, parseDuration } from '../../flags/values.ts';

interface ConnectOptions {
  readonly alias?: readonly string[];
  readonly ip?: string;
  readonly ip6?: string;
  readonly link?: readonly string[];
  readonly driverOpt?: { readonly interface?: string };
  readonly gwPriority?: number;
}

export function addConnect(group: Command, context: CommandContext): void {
  group
    .command('connect')
    .description('put a container on a network: at once where it runs, else at its next start')
    .argument('<network>')
    .argument('<container>')
    .option('--alias <name>', 'a further name on this network (repeatable)', collect)
    .option('--ip <address>', 'its IPv4 address')
    .option('--ip6 <address>', 'its IPv6 address')
    .option(
      '--link <container[:name]>',
      'another container, by a name that this one alone knows (repeatable)',
      collect,
    )
    .option('--driver-opt <name=value>', 'com.docker.network.endpoint.ifname=NAME', parseEndpointOption)
    .option('--gw-priority <number>', 'the highest of its networks has its default route', parsePriority)
    .action(async (network: string, container: string, options: ConnectOptions) => {
      const { networks } = await context.client();
      await networks.connect(
        omitUndefined({
          network,
          container,
          aliases: options.alias === undefined ? undefined : [...options.alias],
          ipv4: options.ip,
          ipv6: options.ip6,
          links: options.link?.map(parseLink),
          interface: options.driverOpt?.interface,
          gatewayPriority: options.gwPriority,
        }),
      );
    });
}

export function addDisconnect(group: Command, context: CommandContext): void {
  group
    .command('disconnect')
    .description('take a container off a network')
    .argument('<network>')
    .argument('<container>')
    .option('-f, --force', 'no failure when the container is not there')
    .action(async (network: string, container: string, { force = false }: { force?: boolean }) => {
      await (await context.client()).networks.disconnect({ network, container, force });
    });
}

interface ProbeOptions {
  readonly from?: string;
  readonly timeout?: number;
}

/** Longshore's own verb: whether one can reach the other, found out by connecting. */
export function addProbe(group: Command, context: CommandContext): void {
  group
    .command('probe')
    .description('can a container, or this machine, connect to HOST:PORT over TCP?')
    .argument('<host:port>', 'a name as the container knows it, or an address', parseGoal)
    .option('--from <container>', 'try from this container; left out: from this machine')
    .option('--timeout <time>', 'how long to try, such as 3s', parseDuration)
    .action(async ({ host, port }: Goal, { from, timeout: timeoutMs }: ProbeOptions) => {
      const { networks } = await context.client();
      const result = await networks.probe(omitUndefined({ to: { host }, port, from, timeoutMs }));
      const tried = result.addresses.length === 0 ? '' : ` (${result.addresses.join(', ')})`;
      const time = result.roundTripMs === null ? '' : ` in ${result.roundTripMs.toFixed(2)} ms`;
      context.print(`${result.outcome}${time}${tried}`);
      if (result.outcome === 'connected') return;
      if (result.reason !== null) context.say(result.reason);
      context.exitCode = 1;
    });
}

interface Goal {
  readonly host: string;
  readonly port: number;
}

function parseGoal(value: string): Goal {
  const [, version6, name, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? [];
  const host = version6 ?? name;
  if (host === undefined) throw new InvalidArgumentError('give a goal such as web:80 or [fd00::2]:80');
  return { host, port: Number(port) };
}

import { type Command, Option } from 'commander';
import type { CommandContext } from '../../context.ts';
import { splitPair } from '../../flags/defined.ts';
import { type PoolOptions, toSubnets } from '../../flags/network-pools.ts';
import { collect } from '../../flags/values.ts';

interface CreateOptions extends PoolOptions {
  readonly driver: 'bridge' | 'macvlan' | 'ipvlan';
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly ipv4: boolean;
  readonly ipv6?: boolean;
  readonly label?: readonly string[];
  readonly opt?: readonly string[];
}

export function addCreateNetwork(group: Command, context: CommandContext): void {
  group
    .command('create')
    .description('make a network')
    .argument('<name>')
    .addOption(
      new Option('-d, --driver <driver>', 'how it is made')
        .choices(['bridge', 'macvlan', 'ipvlan'])
        .default('bridge'),
    )
    .option(
      '--subnet <subnet>',
      'such as 172.30.0.0/16 or fd00:1::/64; chosen when left out (repeatable)',
      collect,
    )
    .option('--gateway <address>', 'the first address of its subnet when left out (repeatable)', collect)
    .option('--ip-range <range>', 'containers get their addresses from here (repeatable)', collect)
    .option('--aux-address <name=address>', 'address that no container gets (repeatable)', collect)
    .option('--internal', 'no way out of it, and none in')
    .option('--attachable', 'kept for docker’s sake: every network of one machine is')
    .option('--ipv4', 'addresses of IPv4', true)
    .option('--ipv6', 'addresses of IPv6')
    .option('--label <name=value>', 'label (repeatable)', collect)
    .option('-o, --opt <name=value>', 'option of the driver, by docker’s names (repeatable)', collect)
    .addOption(new Option('--scope <scope>', 'how far it reaches').choices(['local']))
    .addOption(new Option('--ipam-driver <driver>', 'who gives addresses out').choices(['default']))
    .action(async (name: string, options: CreateOptions) => {
      const subnets = toSubnets(options);
      const { networks } = await context.client();
      const { id } = await networks.create({
        name,
        driver: options.driver,
        subnets,
        ipv4: options.ipv4,
        ...(options.ipv6 !== undefined && { ipv6: options.ipv6 }),
        internal: options.internal ?? false,
        attachable: options.attachable ?? false,
        labels: Object.fromEntries((options.label ?? []).map(splitPair)),
        options: Object.fromEntries((options.opt ?? []).map(splitPair)),
      });
      context.print(id);
    });
}

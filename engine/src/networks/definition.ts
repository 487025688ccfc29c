import type { HostNetwork, NetworkDefinition } from '../runtime/index.ts';
import type { NetworkSubnet } from '../types/index.ts';
import { driverSettings } from './driver-options.ts';
import type { NetworkRecord } from './record.ts';

/** What the machine is asked for. */
export function definitionOf(record: NetworkRecord): NetworkDefinition {
  const { id, name, driver, ipv4, ipv6, internal, options, subnets, link } = record;
  const settings = driverSettings(driver, options);
  return {
    ...settings,
    id,
    name,
    driver,
    pools: subnets.map(({ subnet, gateway, range, reserved }) => ({
      subnet,
      gateway: gateway ?? '',
      range: range ?? '',
      reserved: Object.values(reserved),
    })),
    ipv4,
    ipv6,
    internal,
    // A name that was chosen is kept like one that was asked for; macvlan and ipvlan have no link of their own.
    link: driver === 'bridge' ? link || settings.link : '',
  };
}

/** The record with what the machine chose. What was asked for stays as it was written. */
export function withChoices(record: NetworkRecord, { definition }: HostNetwork): NetworkRecord {
  return { ...record, subnets: chosenSubnets(record.subnets, definition), link: definition.link };
}

export function chosenSubnets(
  asked: readonly NetworkSubnet[],
  { pools }: Pick<NetworkDefinition, 'pools'>,
): readonly NetworkSubnet[] {
  return pools.map(({ subnet, gateway, range, reserved }) => {
    const mine = asked.find((one) => one.subnet === subnet);
    return {
      subnet,
      gateway: gateway === '' ? null : gateway,
      range: mine?.range ?? (range === '' || range === subnet ? null : range),
      reserved:
        mine?.reserved ?? Object.fromEntries(reserved.map((address, at) => [`address${at}`, address])),
    };
  });
}

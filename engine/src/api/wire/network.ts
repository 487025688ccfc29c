import { isIP } from 'node:net';
import { z } from 'zod';
import type { NetworkDetails, NetworkMember, NetworkSubnet } from '../../types/index.ts';
import type { NetworkRequestInput } from '../../contract/index.ts';
import { DockerError } from '../server/failure.ts';
import { dictionary, flag, given, list, struct, word, ZERO_TIME } from './json.ts';

const NAMES_SINCE = 48;

/** A network, as lists have it without its members and inspect with them. */
export function networkJson(network: NetworkDetails, version: number): object {
  const running = network.members.filter(({ running }) => running);
  return {
    Name: network.name,
    Id: network.id,
    Created: network.createdAt ?? ZERO_TIME,
    Scope: 'local',
    Driver: network.driver,
    ...(version >= NAMES_SINCE && { EnableIPv4: network.ipv4 }),
    EnableIPv6: network.ipv6,
    // Docker has none of those that are always there.
    IPAM: {
      Driver: 'default',
      Options: network.createdAt === null ? null : {},
      Config: network.subnets.map(subnetJson),
    },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: Object.fromEntries(
      running.map((member) => [member.containerId, memberJson(member, network.id)]),
    ),
    Options: network.options,
    Labels: network.labels,
  };
}

function subnetJson({ subnet, range, gateway, reserved }: NetworkSubnet): object {
  return {
    Subnet: subnet,
    ...(range !== null && { IPRange: range }),
    ...(gateway !== null && { Gateway: gateway }),
    ...(Object.keys(reserved).length > 0 && { AuxiliaryAddresses: reserved }),
  };
}

function memberJson(member: NetworkMember, networkId: string): object {
  const { ipv4, ipv6, mac, containerId, containerName } = member;
  return {
    Name: containerName,
    EndpointID: `${containerId.slice(0, 32)}${networkId.slice(0, 32)}`,
    MacAddress: mac ?? '',
    IPv4Address: ipv4 === null ? '' : `${ipv4.address}/${ipv4.prefixLength}`,
    IPv6Address: ipv6 === null ? '' : `${ipv6.address}/${ipv6.prefixLength}`,
  };
}

export const createNetworkBody = z.object({
  Name: word,
  Driver: word,
  Scope: word,
  Internal: flag,
  Attachable: flag,
  Ingress: flag,
  ConfigOnly: flag,
  ConfigFrom: struct({ Network: word }),
  EnableIPv4: flag,
  EnableIPv6: flag,
  Options: dictionary,
  Labels: dictionary,
  IPAM: struct({
    Driver: word,
    Options: dictionary,
    Config: list(
      z.object({
        Subnet: word,
        IPRange: word,
        Gateway: word,
        AuxiliaryAddresses: dictionary,
        AuxAddress: dictionary,
      }),
    ),
  }),
});

type CreateNetworkBody = z.output<typeof createNetworkBody>;

const DRIVERS = ['bridge', 'macvlan', 'ipvlan'] as const;

/** What would have to be left out is refused. */
export function networkRequest(body: CreateNetworkBody): NetworkRequestInput {
  const driver = DRIVERS.find((known) => known === (given(body.Driver) ?? 'bridge'));
  if (driver === undefined) {
    throw new DockerError(
      404,
      `could not find plugin ${body.Driver ?? ''} in v1 plugin registry: plugin not found`,
    );
  }
  refuseUnknown(body);
  return {
    name: body.Name ?? '',
    driver,
    subnets: (body.IPAM?.Config ?? []).flatMap((config) =>
      config.Subnet
        ? [
            {
              subnet: checkedSubnet(config.Subnet),
              ...(config.Gateway && { gateway: config.Gateway }),
              ...(config.IPRange && { range: config.IPRange }),
              reserved: config.AuxiliaryAddresses ?? config.AuxAddress ?? {},
            },
          ]
        : [],
    ),
    ipv4: body.EnableIPv4 ?? true,
    ...(body.EnableIPv6 === true && { ipv6: true }),
    internal: body.Internal ?? false,
    attachable: body.Attachable ?? false,
    labels: body.Labels ?? {},
    options: body.Options ?? {},
  };
}

function checkedSubnet(text: string): string {
  const [, address = ''] = /^([^/]+)\/\d{1,3}$/.exec(text) ?? [];
  if (isIP(address) !== 0) return text;
  const short = text.slice(0, 100);
  throw new DockerError(400, `invalid subnet ${short} : invalid CIDR address: ${short}`);
}

function refuseUnknown(body: CreateNetworkBody): void {
  const driver = given(body.IPAM?.Driver) ?? 'default';
  const refused: readonly (readonly [boolean, string])[] = [
    [driver !== 'default', `could not find plugin ${driver} in v1 plugin registry: plugin not found`],
    [Object.keys(body.IPAM?.Options ?? {}).length > 0, 'options of the IPAM driver are not supported'],
    [body.ConfigOnly === true || Boolean(body.ConfigFrom?.Network), 'config-only networks are not supported'],
    [body.Ingress === true, 'This node is not a swarm manager: ingress networks are not supported'],
    [
      !['', 'local'].includes(body.Scope ?? ''),
      `networks of the scope ${body.Scope ?? ''} are not supported`,
    ],
  ];
  for (const [isRefused, message] of refused) if (isRefused) throw new DockerError(400, message);
}

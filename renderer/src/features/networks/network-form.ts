import { networkName, type NetworkRequestInput } from '@longshore/engine/contract';
import type { NetworkSummary } from '@longshore/engine/types';
import { type Cidr, contains, formatCidr, includes, overlaps, parseCidr, parseIp } from '../../lib/ip.ts';
import type { MessageId, MessageValues } from '../../messages/use-text.ts';

export const DRIVERS = ['bridge', 'macvlan', 'ipvlan'] as const;

/** One family's part of the form; empty fields are chosen by the engine. */
export interface SubnetFields {
  readonly subnet: string;
  readonly gateway: string;
  readonly range: string;
}

export interface NetworkForm {
  readonly name: string;
  readonly driver: (typeof DRIVERS)[number];
  /** The machine's link that macvlan and ipvlan stand on. */
  readonly parent: string;
  readonly v4: SubnetFields;
  readonly ipv6: boolean;
  readonly v6: SubnetFields;
  readonly internal: boolean;
  /** Members cannot reach each other. */
  readonly isolated: boolean;
  readonly attachable: boolean;
  readonly mtu: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
}

const NO_SUBNET: SubnetFields = { subnet: '', gateway: '', range: '' };

export const EMPTY_NETWORK_FORM: NetworkForm = {
  name: '',
  driver: 'bridge',
  parent: '',
  v4: NO_SUBNET,
  ipv6: false,
  v6: NO_SUBNET,
  internal: false,
  isolated: false,
  attachable: false,
  mtu: '',
  labels: [],
};

export type NetworkField =
  | 'name'
  | 'parent'
  | 'v4.subnet'
  | 'v4.gateway'
  | 'v4.range'
  | 'v6.subnet'
  | 'v6.gateway'
  | 'v6.range'
  | 'mtu'
  | 'labels';

export interface NetworkProblem {
  readonly id: MessageId;
  readonly values?: MessageValues;
}

export type NetworkProblems = Partial<Readonly<Record<NetworkField, NetworkProblem>>>;

/** What is wrong with the form, as far as it can be told without the engine. */
export function networkProblems(form: NetworkForm, networks: readonly NetworkSummary[]): NetworkProblems {
  return {
    ...nameProblem(form.name.trim(), networks),
    ...(form.driver !== 'bridge' &&
      !/^[^\s/]*$/.test(form.parent.trim()) && { parent: { id: 'networks.badParent' } }),
    ...subnetProblems('v4', form.v4, networks),
    ...(form.ipv6 && subnetProblems('v6', form.v6, networks)),
    ...(!isMtu(form.mtu.trim(), form.ipv6) && {
      mtu: { id: form.ipv6 ? 'networks.badMtu6' : 'networks.badMtu' },
    }),
    ...(labelsOf(form).some(({ name }) => name === '') && { labels: { id: 'run.badLabels' } }),
  };
}

function nameProblem(name: string, networks: readonly NetworkSummary[]): NetworkProblems {
  if (name === '') return {};
  if (!networkName.safeParse(name).success) return { name: { id: 'networks.badName' } };
  const taken = networks.find((network) => network.name.toLowerCase() === name.toLowerCase());
  return taken === undefined ? {} : { name: { id: 'networks.takenName', values: { name: taken.name } } };
}

function subnetProblems(
  key: 'v4' | 'v6',
  fields: SubnetFields,
  networks: readonly NetworkSummary[],
): NetworkProblems {
  const [subnet, gateway, range] = [fields.subnet.trim(), fields.gateway.trim(), fields.range.trim()];
  const family = key === 'v4' ? 4 : 6;
  const field = (name: keyof SubnetFields) => `${key}.${name}` as const;
  if (subnet === '') {
    const alone = gateway !== '' ? 'gateway' : range !== '' ? 'range' : undefined;
    return alone === undefined ? {} : { [field('subnet')]: { id: 'networks.subnetNeeded' } };
  }
  const block = parseCidr(subnet);
  if (block?.family !== family) {
    return { [field('subnet')]: { id: key === 'v4' ? 'networks.badSubnet4' : 'networks.badSubnet6' } };
  }
  const problem = blockProblem(subnet, block, networks);
  if (problem !== undefined) return { [field('subnet')]: problem };
  return {
    ...gatewayProblem(field('gateway'), gateway, block),
    ...rangeProblem(field('range'), range, block),
  };
}

/** So few addresses serve nobody: one is the network's, one the gateway's. */
const MOST_PREFIX = { 4: 30, 6: 126 } as const;

function blockProblem(
  written: string,
  block: Cidr,
  networks: readonly NetworkSummary[],
): NetworkProblem | undefined {
  if (parseIp(written.split('/')[0] ?? '')?.value !== block.first) {
    return { id: 'networks.hostBits', values: { subnet: formatCidr(block) } };
  }
  if (block.prefixLength > MOST_PREFIX[block.family]) return { id: 'networks.smallSubnet' };
  for (const { name, subnets } of networks) {
    for (const { subnet } of subnets) {
      const other = parseCidr(subnet);
      if (other !== undefined && overlaps(block, other)) {
        return { id: 'networks.overlap', values: { network: name, subnet } };
      }
    }
  }
  return undefined;
}

function gatewayProblem(field: NetworkField, gateway: string, block: Cidr): NetworkProblems {
  if (gateway === '') return {};
  const ip = parseIp(gateway);
  if (ip === undefined) return { [field]: { id: 'networks.badAddress' } };
  const values = { subnet: formatCidr(block) };
  if (!contains(block, ip)) return { [field]: { id: 'networks.outside', values } };
  const isEnd = ip.value === block.first || (ip.family === 4 && ip.value === block.last);
  return isEnd ? { [field]: { id: 'networks.notAHost' } } : {};
}

function rangeProblem(field: NetworkField, range: string, block: Cidr): NetworkProblems {
  if (range === '') return {};
  const inner = parseCidr(range);
  if (inner === undefined) return { [field]: { id: 'networks.badRange' } };
  return includes(block, inner)
    ? {}
    : { [field]: { id: 'networks.outside', values: { subnet: formatCidr(block) } } };
}

/** The least that IPv4 (RFC 791) and IPv6 (RFC 8200) work with. */
function isMtu(mtu: string, ipv6: boolean): boolean {
  if (mtu === '') return true;
  return /^\d{2,5}$/.test(mtu) && Number(mtu) >= (ipv6 ? 1280 : 68) && Number(mtu) <= 65_535;
}

function labelsOf(form: NetworkForm): NetworkForm['labels'] {
  return form.labels.filter(({ name, value }) => name !== '' || value !== '');
}

/** What the form asks of the engine: only what was said. */
export function networkRequestOf(form: NetworkForm): NetworkRequestInput {
  const subnets = [form.v4, ...(form.ipv6 ? [form.v6] : [])]
    .map(({ subnet, gateway, range }) => ({
      subnet: subnet.trim(),
      ...(gateway.trim() !== '' && { gateway: gateway.trim() }),
      ...(range.trim() !== '' && { range: range.trim() }),
    }))
    .filter(({ subnet }) => subnet !== '');
  const options = optionsOf(form);
  const labels = Object.fromEntries(labelsOf(form).map(({ name, value }) => [name, value]));
  return {
    name: form.name.trim(),
    ...(form.driver !== 'bridge' && { driver: form.driver }),
    ...(subnets.length > 0 && { subnets }),
    ...(form.ipv6 && { ipv6: true }),
    ...(form.internal && { internal: true }),
    ...(form.attachable && { attachable: true }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

function optionsOf(form: NetworkForm): Record<string, string> {
  return {
    ...(form.driver !== 'bridge' && form.parent.trim() !== '' && { parent: form.parent.trim() }),
    ...(form.driver === 'bridge' && form.isolated && { 'com.docker.network.bridge.enable_icc': 'false' }),
    ...(form.mtu.trim() !== '' && { 'com.docker.network.driver.mtu': form.mtu.trim() }),
  };
}

/** The argument vector of `longshore network create` that asks for the same as the request. */
export function createNetworkArguments(request: NetworkRequestInput): readonly string[] {
  const pairs = (record: Readonly<Record<string, string>> = {}) =>
    Object.entries(record).map(([name, value]) => `${name}=${value}`);
  return [
    'network',
    'create',
    ...(request.driver === undefined ? [] : ['--driver', request.driver]),
    ...(request.subnets ?? []).flatMap(({ subnet, gateway, range }) => [
      '--subnet',
      subnet,
      ...(gateway === undefined ? [] : ['--gateway', gateway]),
      ...(range === undefined ? [] : ['--ip-range', range]),
    ]),
    ...(request.ipv6 === true ? ['--ipv6'] : []),
    ...(request.internal === true ? ['--internal'] : []),
    ...(request.attachable === true ? ['--attachable'] : []),
    ...pairs(request.options).flatMap((option) => ['--opt', option]),
    ...pairs(request.labels).flatMap((label) => ['--label', label]),
    request.name,
  ];
}

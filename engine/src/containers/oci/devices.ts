import type { OciBlockIo, OciDevice, OciDeviceRule, OciThrottle } from '../../runtime/index.ts';
import type { BlockIoLimits, ContainerSpec, DeviceRate } from '../../types/index.ts';
import { blockDeviceAt, devicesAt } from '../host-devices.ts';

/** What a container's demands on devices come to on this machine, at this moment. */
export interface Devices {
  readonly nodes: readonly OciDevice[];
  /** Null: Docker's default rules, which the runtime has. */
  readonly rules: readonly OciDeviceRule[] | null;
  readonly blockIo: OciBlockIo | null;
}

/** Of a container that asks for none. */
export const NO_DEVICES: Devices = { nodes: [], rules: null, blockIo: null };

const ALL: OciDeviceRule = { allow: true, type: 'a', access: 'rwm' };

/** null, zero, full, random, urandom, tty, console, ptmx, and all pseudo terminals. */
const DEFAULT_DEVICES: readonly (readonly [number, number?])[] = [
  [1, 3],
  [1, 5],
  [1, 7],
  [1, 8],
  [1, 9],
  [5, 0],
  [5, 1],
  [5, 2],
  [136],
];

/** Docker's (moby, oci/defaults.go): any node may be made, the usual ones opened, no other. */
const DEFAULT_RULES: readonly OciDeviceRule[] = [
  { allow: false, type: 'a', access: 'rwm' },
  { allow: true, type: 'c', access: 'm' },
  { allow: true, type: 'b', access: 'm' },
  ...DEFAULT_DEVICES.map(([major, minor]): OciDeviceRule => ({
    allow: true,
    type: 'c',
    major,
    ...(minor !== undefined && { minor }),
    access: 'rwm',
  })),
];

type Demands = Pick<ContainerSpec, 'devices' | 'deviceRules' | 'privileged'>;

export async function resolveDevices(spec: Demands, limits: BlockIoLimits): Promise<Devices> {
  const blockIo = await resolveBlockIo(limits);
  // The runtime gives a privileged one all nodes.
  if (spec.privileged) return { nodes: [], rules: [ALL], blockIo };
  const asked = await Promise.all(
    spec.devices.map(async ({ hostPath, containerPath, permissions }) => ({
      nodes: await devicesAt(hostPath, containerPath),
      permissions,
    })),
  );
  const rules = [
    ...asked.flatMap(({ nodes, permissions }) => nodes.map((node) => ruleOf(node, permissions))),
    ...spec.deviceRules.map(parseRule),
  ];
  return {
    nodes: asked.flatMap(({ nodes }) => nodes),
    rules: rules.length === 0 ? null : [...DEFAULT_RULES, ...rules],
    blockIo,
  };
}

export async function resolveBlockIo(limits: BlockIoLimits): Promise<OciBlockIo | null> {
  const [weights, readBps, writeBps, readIops, writeIops] = await Promise.all([
    Promise.all(
      limits.weightDevices.map(async ({ path, weight }) => ({ ...(await blockDeviceAt(path)), weight })),
    ),
    throttles(limits.readBps),
    throttles(limits.writeBps),
    throttles(limits.readIops),
    throttles(limits.writeIops),
  ]);
  const blockIo: OciBlockIo = {
    ...(limits.weight !== null && { weight: limits.weight }),
    ...(weights.length > 0 && { weightDevice: weights }),
    ...(readBps.length > 0 && { throttleReadBpsDevice: readBps }),
    ...(writeBps.length > 0 && { throttleWriteBpsDevice: writeBps }),
    ...(readIops.length > 0 && { throttleReadIOPSDevice: readIops }),
    ...(writeIops.length > 0 && { throttleWriteIOPSDevice: writeIops }),
  };
  return Object.keys(blockIo).length === 0 ? null : blockIo;
}

function throttles(rates: readonly DeviceRate[]): Promise<readonly OciThrottle[]> {
  return Promise.all(rates.map(async ({ path, rate }) => ({ ...(await blockDeviceAt(path)), rate })));
}

function ruleOf({ type, major, minor }: OciDevice, access: string): OciDeviceRule {
  return { allow: true, type, major, minor, access };
}

/** The contract has checked its form. */
function parseRule(rule: string): OciDeviceRule {
  const [type = 'a', numbers = '*:*', access = 'rwm'] = rule.split(' ');
  const [major = '*', minor = '*'] = numbers.split(':');
  return {
    allow: true,
    type: type === 'b' || type === 'c' ? type : 'a',
    ...(major !== '*' && { major: Number(major) }),
    ...(minor !== '*' && { minor: Number(minor) }),
    access,
  };
}

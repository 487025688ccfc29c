import { z } from 'zod';
import type { NetworkDefinition } from '../runtime/index.ts';
import { refused } from './refused.ts';

/** The part of a network that its driver's options say. */
export type DriverSettings = Pick<
  NetworkDefinition,
  'isolated' | 'masquerade' | 'mtu' | 'link' | 'parent' | 'mode' | 'hostAddress'
>;

type Driver = NetworkDefinition['driver'];
type Read = (value: string, name: string) => Partial<DriverSettings>;

const DEFAULTS: DriverSettings = {
  isolated: false,
  masquerade: true,
  mtu: 0,
  link: '',
  parent: '',
  mode: '',
  hostAddress: '',
};

const BRIDGE = 'com.docker.network.bridge';
const MTU = { 'com.docker.network.driver.mtu': readMtu };
const PARENT: Read = (value, name) => ({ parent: linkName(value, name) });

/** By Docker's names. */
const OPTIONS: Readonly<Record<Driver, Readonly<Record<string, Read>>>> = {
  bridge: {
    ...MTU,
    [`${BRIDGE}.enable_icc`]: (value, name) => ({ isolated: !readBoolean(value, name) }),
    [`${BRIDGE}.enable_ip_masquerade`]: (value, name) => ({ masquerade: readBoolean(value, name) }),
    [`${BRIDGE}.name`]: (value, name) => ({ link: linkName(value, name) }),
    [`${BRIDGE}.host_binding_ipv4`]: (value, name) => ({ hostAddress: readIpv4(value, name) }),
  },
  macvlan: {
    ...MTU,
    parent: PARENT,
    macvlan_mode: readMode(['bridge', 'private', 'vepa', 'passthru']),
  },
  ipvlan: { ...MTU, parent: PARENT, ipvlan_mode: readMode(['l2', 'l3', 'l3s']) },
};

/** Refuses what the driver does not know, by name. */
export function driverSettings(driver: Driver, options: Readonly<Record<string, string>>): DriverSettings {
  const known = OPTIONS[driver];
  const settings = Object.entries(options).map(([name, value]) => {
    const read = Object.hasOwn(known, name) ? known[name] : undefined;
    if (read !== undefined) return read(value, name);
    return refused(
      `the driver ${driver} has no such option.`,
      fieldOf(name),
      `It has ${Object.keys(known).join(', ')}.`,
    );
  });
  return Object.assign({}, DEFAULTS, ...settings) as DriverSettings;
}

function fieldOf(name: string): string {
  return `options.${name}`;
}

/** As Go's ParseBool has it. */
function readBoolean(value: string, name: string): boolean {
  if (/^(1|t|true)$/i.test(value)) return true;
  if (/^(0|f|false)$/i.test(value)) return false;
  return refused(`"${value}" is neither true nor false.`, fieldOf(name));
}

/** IPv4 hosts must take 68 bytes (RFC 791); a length fits in 16 bits. */
function readMtu(value: string, name: string): Partial<DriverSettings> {
  const mtu = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (mtu === 0 || (mtu >= 68 && mtu <= 65_535)) return { mtu };
  return refused(`"${value}" is not an MTU: 68 to 65535.`, fieldOf(name));
}

/** The kernel's rule, IFNAMSIZ; with ".VLAN" of a parent. */
function linkName(value: string, name: string): string {
  if (/^[^\s/:]{1,15}$/.test(value) && value !== '.' && value !== '..') return value;
  return refused(`"${value}" cannot be the name of a network interface.`, fieldOf(name));
}

function readIpv4(value: string, name: string): string {
  if (!z.ipv4().safeParse(value).success) refused(`"${value}" is not an IPv4 address.`, fieldOf(name));
  return value === '0.0.0.0' ? '' : value;
}

function readMode(modes: readonly string[]): Read {
  return (value, name) => {
    if (modes.includes(value)) return { mode: value };
    return refused(`"${value}" is no mode: ${modes.join(', ')}.`, fieldOf(name));
  };
}

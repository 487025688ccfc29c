/** Addresses as numbers, of 32 or 128 bits. */
export interface Subnet {
  readonly version: 4 | 6;
  /** Of the first address. */
  readonly base: bigint;
  readonly prefixLength: number;
  /** There are address bits behind the prefix: `10.0.0.1/8`. */
  readonly hasHostBits: boolean;
}

const BITS = { 4: 32, 6: 128 } as const;

export function isVersion6(address: string): boolean {
  return address.includes(':');
}

/** `text` has passed as a CIDR of the contract. */
export function parseSubnet(text: string): Subnet {
  const [address = '', prefix = ''] = text.split('/');
  const version = isVersion6(address) ? 6 : 4;
  const prefixLength = Number(prefix);
  const value = addressNumber(address);
  const hostBits = BigInt(BITS[version] - prefixLength);
  const base = (value >> hostBits) << hostBits;
  return { version, base, prefixLength, hasHostBits: base !== value };
}

/** The subnet as it is written, with its first address. */
export function formatSubnet({ version, base, prefixLength }: Subnet): string {
  return `${formatAddress(base, version)}/${prefixLength}`;
}

export function isInSubnet(address: string, subnet: string): boolean {
  const { version, base, prefixLength } = parseSubnet(subnet);
  if (version !== (isVersion6(address) ? 6 : 4)) return false;
  return (
    addressNumber(address) >> BigInt(BITS[version] - prefixLength) ===
    base >> BigInt(BITS[version] - prefixLength)
  );
}

/** Whether `inner` lies in `outer` as a whole. */
export function subnetContains(outer: string, inner: string): boolean {
  const [one, other] = [parseSubnet(outer), parseSubnet(inner)];
  return one.version === other.version && one.prefixLength <= other.prefixLength && overlaps(outer, inner);
}

export function overlaps(a: string, b: string): boolean {
  const [one, other] = [parseSubnet(a), parseSubnet(b)];
  if (one.version !== other.version) return false;
  const free = BigInt(BITS[one.version] - Math.min(one.prefixLength, other.prefixLength));
  return one.base >> free === other.base >> free;
}

export function sameAddress(a: string, b: string): boolean {
  return isVersion6(a) === isVersion6(b) && addressNumber(a) === addressNumber(b);
}

/** The one that a gateway gets when nobody says which. */
export function firstAddress(subnet: string): string {
  const { version, base } = parseSubnet(subnet);
  return formatAddress(base + 1n, version);
}

/** IPv6 with its parts in full (RFC 4291, 2.2), an IPv4 tail included. */
export function addressNumber(address: string): bigint {
  if (!isVersion6(address)) return bytesNumber(address);
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const whole = tail === null ? address : `${tail[1]}${asGroups(bytesNumber(tail[2] ?? ''))}`;
  const [left = '', right] = whole.split('::');
  const head = left === '' ? [] : left.split(':');
  const end = right === undefined || right === '' ? [] : right.split(':');
  const gap = right === undefined ? 0 : 8 - head.length - end.length;
  const groups = [...head, ...Array.from({ length: gap }, () => '0'), ...end];
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
}

function bytesNumber(address: string): bigint {
  return address.split('.').reduce((sum, byte) => (sum << 8n) | BigInt(Number(byte)), 0n);
}

function asGroups(number: bigint): string {
  return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
}

/** IPv6 as RFC 5952 has it: the longest run of zeros as `::`. */
export function formatAddress(number: bigint, version: 4 | 6): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((number >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  const run = longestZeroRun(groups);
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [at, group] of groups.entries()) {
    length = group === '0' ? length + 1 : 0;
    if (length > best.length) best = { start: at - length + 1, length };
  }
  return best;
}

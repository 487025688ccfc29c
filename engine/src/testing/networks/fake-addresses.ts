import { addressNumber, formatAddress, isVersion6, parseSubnet } from '../../addresses/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { AddressPool } from '../../runtime/index.ts';

/** The addresses of one subnet: the one that was asked for, or the lowest that is free. */
export function leaseAddress(pool: AddressPool, asked: string, taken: ReadonlySet<string>): string {
  const { version, base } = parseSubnet(pool.range === '' ? pool.subnet : pool.range);
  const isFree = (address: string): boolean =>
    address !== pool.gateway && !pool.reserved.includes(address) && !taken.has(address);
  if (asked !== '') {
    if (isFree(asked)) return asked;
    throw new EngineError('conflict', `The address ${asked} is taken.`, {
      detail: { step: 'address', path: asked },
    });
  }
  for (let at = base + 1n; ; at += 1n) {
    const address = formatAddress(at, version);
    if (isFree(address)) return address;
  }
}

export function withPrefix(address: string, pool: AddressPool): string {
  return `${address}/${parseSubnet(pool.subnet).prefixLength}`;
}

export function poolOf(pools: readonly AddressPool[], version: 4 | 6): AddressPool | undefined {
  return pools.find(({ subnet }) => isVersion6(subnet) === (version === 6));
}

/** A MAC address made of an address, as Docker makes it. */
export function macOf(address: string): string {
  const low = addressNumber(address) & 0xffffffffn;
  const bytes = [24n, 16n, 8n, 0n].map((shift) => (low >> shift) & 0xffn);
  return ['02', '42', ...bytes.map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

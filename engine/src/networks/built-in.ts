import { DEFAULT_NETWORK_ID, type HostNetwork } from '../runtime/index.ts';
import type { NetworkDriver, NetworkSubnet } from '../types/index.ts';
import { chosenSubnets } from './definition.ts';

/** A network as everyone sees it: one that a person made, or a built-in one. */
export interface Network {
  readonly id: string;
  readonly name: string;
  readonly driver: NetworkDriver;
  readonly builtIn: boolean;
  readonly createdAt: string | null;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly subnets: readonly NetworkSubnet[];
  /** Empty: none is known. */
  readonly link: string;
}

/** The letters of their names in ASCII: an id that never changes, and that no random one will be. */
const HOST_ID = '686f737400000000000000000000000000000000000000000000000000000000';
const NONE_ID = '6e6f6e6500000000000000000000000000000000000000000000000000000000';

const COMMON = {
  builtIn: true,
  createdAt: null,
  internal: false,
  attachable: false,
  labels: {},
  options: {},
} as const;

const NOTHING = { ...COMMON, ipv4: false, ipv6: false, subnets: [], link: '' } as const;

const HOST: Network = { ...NOTHING, id: HOST_ID, name: 'host', driver: 'host' };
const NONE: Network = { ...NOTHING, id: NONE_ID, name: 'none', driver: 'null' };

/** `bridge` as the machine has it; null: the machine has not been asked yet. */
export function builtInNetworks(bridge: HostNetwork | null): readonly Network[] {
  const definition = bridge?.definition;
  return [
    {
      ...COMMON,
      id: DEFAULT_NETWORK_ID,
      name: 'bridge',
      driver: 'bridge',
      ipv4: true,
      ipv6: definition?.ipv6 ?? false,
      subnets: definition === undefined ? [] : chosenSubnets([], definition),
      link: definition?.link ?? '',
    },
    HOST,
    NONE,
  ];
}

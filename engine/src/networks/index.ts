export { Networks } from './networks.ts';
export type { ConnectedContainer, NetworkUse, NetworkUser } from './network-use.ts';
export type { KnownNetwork, NetworkSource } from './network-source.ts';
export type { NetworksOptions } from './parts.ts';
export { type NetworkRecord, networkRecordSchema } from './record.ts';

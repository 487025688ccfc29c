export type { Agent, HostUsage } from './agent.ts';
export type * from './oci-spec.ts';
export type * from './container-files.ts';
export * from './network-host.ts';
export type * from './requests.ts';
export type * from './runtime.ts';
export type * from './runtime-event.ts';
export type * from './runtime-stats.ts';
export { signalName, signalNumber } from './signals.ts';

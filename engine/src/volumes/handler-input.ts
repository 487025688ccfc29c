import type { EngineHandlers } from '../contract/index.ts';

export type VolumeHandlers = EngineHandlers['volumes'];

/** The checked input of one operation of the contract. */
export type InputOf<Operation extends keyof VolumeHandlers> = Parameters<VolumeHandlers[Operation]>[0];

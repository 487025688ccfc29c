import type { EngineHandlers } from '../contract/index.ts';

export type NetworkHandlers = EngineHandlers['networks'];

/** The checked input of one operation of the contract. */
export type InputOf<Operation extends keyof NetworkHandlers> = Parameters<NetworkHandlers[Operation]>[0];

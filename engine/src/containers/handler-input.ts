import type { EngineHandlers } from '../contract/index.ts';

export type ContainerHandlers = EngineHandlers['containers'];

/** The checked input of one operation of the contract. */
export type InputOf<Operation extends keyof ContainerHandlers> = Parameters<ContainerHandlers[Operation]>[0];

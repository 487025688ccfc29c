import type { Client, Handlers } from './client.ts';
import { containers } from './containers.ts';
import { events } from './events.ts';
import { images } from './images.ts';
import { system } from './system.ts';

/** Every operation once. All doors (IPC, WebSocket, command line, fakes) derive from this. */
export const contract = { images, containers, events, system } as const;

export type EngineContract = typeof contract;
/** The engine as every caller sees it. */
export type EngineClient = Client<EngineContract>;
/** The engine as a door binds it. */
export type EngineHandlers = Handlers<EngineContract>;

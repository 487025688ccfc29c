import { builds } from './builds.ts';
import type { Client, Handlers } from './client.ts';
import { containers } from './containers.ts';
import { docker } from './docker.ts';
import { events } from './events.ts';
import { images } from './images.ts';
import { networks } from './networks.ts';
import { registries } from './registries.ts';
import { system } from './system.ts';
import { volumes } from './volumes.ts';

/** Every operation once. All doors (IPC, WebSocket, command line, fakes) derive from this. */
export const contract = {
  images,
  builds,
  registries,
  containers,
  networks,
  volumes,
  events,
  docker,
  system,
} as const;

export type EngineContract = typeof contract;
/** The engine as every caller sees it. */
export type EngineClient = Client<EngineContract>;
/** The engine as a door binds it. */
export type EngineHandlers = Handlers<EngineContract>;

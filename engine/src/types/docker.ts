import type { WireError } from '../errors/wire.ts';

/** How docker's own tools reach this engine, and whether docker's command line does so by itself. */
export interface DockerAccess {
  readonly socketPath: string;
  readonly socket: DockerSocketState;
  /** docker's folder of settings, on the engine's machine. */
  readonly configDir: string;
  /** The context that leads here, by the name it was asked for under. */
  readonly context: {
    readonly name: string;
    /** Where it leads, as docker writes it (`unix:///run/longshore/docker.sock`); null: there is no such context. */
    readonly host: string | null;
    readonly leadsHere: boolean;
  };
  /** The one that docker takes when nobody names one: `default` unless its settings say otherwise. */
  readonly currentContext: string;
  /** What in the engine's own environment has the last word over contexts, as docker has it; null: nothing. */
  readonly override: {
    readonly variable: 'DOCKER_HOST' | 'DOCKER_CONTEXT';
    readonly value: string;
  } | null;
}

export type DockerSocketState =
  | { readonly status: 'answering'; readonly apiVersion: string }
  | { readonly status: 'silent'; readonly error: WireError };

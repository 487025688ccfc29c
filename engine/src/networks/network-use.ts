import type { AttachmentRequest } from '../contract/index.ts';
import type { NetworkDriver, NetworkMember } from '../types/index.ts';

/** A container on a network, as far as networks need to know. */
export interface NetworkUser extends NetworkMember {
  /** It runs, or is about to: the network cannot go away under it. */
  readonly active: boolean;
}

/** Who is on networks: fulfilled by containers/. */
export interface NetworkUse {
  /** Of `host` and `none`: those that were made with it. By name. */
  usersOf(network: { readonly id: string; readonly driver: NetworkDriver }): readonly NetworkUser[];
  /** At once where it runs, else at its next start. */
  connect(container: string, request: AttachmentRequest, signal: AbortSignal): Promise<void>;
  /** Not on it: `failed-precondition`. */
  disconnect(container: string, networkId: string, signal: AbortSignal): Promise<void>;
  /** A container by name, id, or beginning of an id; fails `not-found`. */
  find(container: string): ConnectedContainer;
}

export interface ConnectedContainer {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
  /** Where it can be reached now. */
  readonly addresses: readonly { readonly network: string; readonly address: string }[];
}

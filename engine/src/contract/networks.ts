import { z } from 'zod';
import type { NetworkDetails, NetworkSummary, ProbeResult } from '../types/index.ts';
import { connectRequest, networkRequest } from './network-request.ts';
import { call, output } from './operation.ts';
import { text } from './values.ts';

/** A name, an id, or an unambiguous beginning of an id. */
const network = text;

const texts = z.array(text).max(256).optional();

/** Docker's filters. Of one kind any may match (of labels, all); of all kinds one each. */
export const networkFilters = z.strictObject({
  /** Parts of names. */
  name: texts,
  /** Beginnings of ids. */
  id: texts,
  driver: texts,
  /** `key` or `key=value`. */
  label: texts,
  /** `builtin`: bridge, host and none. */
  type: z
    .array(z.enum(['custom', 'builtin']))
    .max(2)
    .optional(),
  /** All networks of one machine are `local`. */
  scope: texts,
  /** Whether no container is on it; built-in ones are never dangling. */
  dangling: z.boolean().optional(),
});

export type NetworkFilters = z.output<typeof networkFilters>;

const MAX_PROBE_MS = 60_000;

export const probeRequest = z.strictObject({
  /** A container that runs; left out: this machine itself. */
  from: text.optional(),
  to: z.union([
    /** A container that runs, by an address that the other end can know. */
    z.strictObject({ container: text }),
    /** A name as `from` resolves it, or an address. */
    z.strictObject({ host: z.string().min(1).max(253) }),
  ]),
  port: z.number().int().min(1).max(65_535),
  timeoutMs: z.number().int().min(1).max(MAX_PROBE_MS).default(3_000),
});

export const networks = {
  /** By name. */
  list: call(z.strictObject({ filters: networkFilters.optional() }), output<readonly NetworkSummary[]>()),
  inspect: call(z.strictObject({ network }), output<NetworkDetails>()),
  create: call(networkRequest, output<NetworkDetails>()),
  /** Built-in, or with members that run: refused. */
  remove: call(z.strictObject({ network }), output<{ readonly id: string }>()),
  /** Removes all that no container is on. */
  prune: call(
    z.strictObject({
      /** `key` or `key=value`; all must match. */
      labels: z.array(text).max(256).default([]),
      /** Spared: those that have one of these. */
      labelsNot: z.array(text).max(256).default([]),
      /** Made before this moment: ISO 8601. */
      until: z.iso.datetime({ offset: true }).optional(),
    }),
    output<NetworkPruneResult>(),
  ),
  /** At once where it runs, at its next start where it does not. On it already: refused. */
  connect: call(connectRequest, output<NetworkDetails>()),
  /** With `force` a container that is no longer there is no error. */
  disconnect: call(
    z.strictObject({ network, container: text, force: z.boolean().default(false) }),
    output<NetworkDetails>(),
  ),
  /** Can A reach B? Found out by connecting over TCP. */
  probe: call(probeRequest, output<ProbeResult>()),
} as const;

export interface NetworkPruneResult {
  readonly removed: readonly { readonly id: string; readonly name: string }[];
}

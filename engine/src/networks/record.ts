import { z } from 'zod';
import type { NetworkDriver, NetworkSubnet } from '../types/index.ts';

/** What the engine keeps of a network on disk: what was asked for, and what was chosen when it was made. */
export interface NetworkRecord {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly driver: Exclude<NetworkDriver, 'host' | 'null'>;
  readonly createdAt: string;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly subnets: readonly NetworkSubnet[];
  /** The link on the machine that carries it; empty until it has been made. */
  readonly link: string;
}

const pairs = z.record(z.string(), z.string());

/** What a record file must hold to be believed. */
export const networkRecordSchema: z.ZodType<NetworkRecord> = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1),
  driver: z.enum(['bridge', 'macvlan', 'ipvlan']),
  createdAt: z.string(),
  ipv4: z.boolean(),
  ipv6: z.boolean(),
  internal: z.boolean(),
  attachable: z.boolean(),
  labels: pairs,
  options: pairs,
  subnets: z.array(
    z.object({
      subnet: z.string(),
      gateway: z.string().nullable(),
      range: z.string().nullable(),
      reserved: pairs,
    }),
  ),
  link: z.string(),
});

import { z } from 'zod';
import { labels, text } from './values.ts';

/** Docker's rule for names of networks; case does not tell two of them apart. */
export const networkName = z
  .string()
  .max(128)
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, {
    message:
      'a network name has letters, digits, "_", "." and "-", at most 128, and begins with a letter or digit',
  });

const MAX_INTERFACE_NAME = 15;

const subnetRequest = z.strictObject({
  subnet: z.union([z.cidrv4(), z.cidrv6()]),
  gateway: z.union([z.ipv4(), z.ipv6()]).optional(),
  range: z.union([z.cidrv4(), z.cidrv6()]).optional(),
  /** Addresses that no member gets, by what they are for. */
  reserved: z.record(z.string().min(1).max(255), z.union([z.ipv4(), z.ipv6()])).default({}),
});

export const networkRequest = z.strictObject({
  name: networkName,
  driver: z.enum(['bridge', 'macvlan', 'ipvlan']).default('bridge'),
  /** At most one of each family; where there is none, one is chosen clear of what the machine reaches. */
  subnets: z.array(subnetRequest).max(16).default([]),
  ipv4: z.boolean().default(true),
  /** Left out: when one of the subnets is of IPv6. */
  ipv6: z.boolean().optional(),
  internal: z.boolean().default(false),
  attachable: z.boolean().default(false),
  labels: labels.default({}),
  /** By Docker's names: `com.docker.network.bridge.enable_icc`, `parent`; unknown ones are refused. */
  options: z.record(z.string().min(1).max(255), z.string().max(4096)).default({}),
});

export type NetworkRequest = z.output<typeof networkRequest>;
export type NetworkRequestInput = z.input<typeof networkRequest>;

/** A name that other members of a network may find a container by. */
const alias = z
  .string()
  .max(253)
  .regex(/^[a-zA-Z0-9_]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?$/, { message: 'must be a host name' });

/** What a container is to be on a network; what is left out is chosen at each start. */
const attachment = {
  aliases: z.array(alias).max(256).default([]),
  ipv4: z.ipv4().optional(),
  ipv6: z.ipv6().optional(),
  /** `02:42:ac:11:00:02`; that of one interface. */
  mac: z
    .string()
    .regex(/^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/, { message: 'must be a MAC address' })
    .optional(),
  /** The link's name in the container. */
  interface: z
    .string()
    .max(MAX_INTERFACE_NAME)
    .regex(/^[^\s/:]+$/, { message: 'must be the name of a network interface' })
    .optional(),
  /** The default route goes by the network with the highest; of equals, by the first. */
  gatewayPriority: z.number().int().min(-2_147_483_648).max(2_147_483_647).default(0),
  /** Containers that this one alone knows by another name. */
  links: z
    .array(z.strictObject({ container: text, name: alias.optional() }))
    .max(256)
    .default([]),
};

/** One network of a new container: by name, id, or an unambiguous beginning of an id. */
export const attachmentRequest = z.strictObject({ network: text, ...attachment });

export const connectRequest = z.strictObject({ network: text, container: text, ...attachment });

export type AttachmentRequest = z.output<typeof attachmentRequest>;

const port = z.number().int().min(1).max(65_535);
const protocol = z.enum(['tcp', 'udp', 'sctp']);

export const exposedPortRequest = z.strictObject({
  containerPort: port,
  protocol: protocol.default('tcp'),
});

export const publicationRequest = z.strictObject({
  containerPort: port,
  protocol: protocol.default('tcp'),
  /** Left out: all addresses of the machine, or what the network says. */
  hostAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
  /** Any one of these that is free; left out: one that the machine chooses. */
  hostPorts: z
    .strictObject({ first: port, last: port })
    .refine(({ first, last }) => first <= last, { message: 'must begin before they end' })
    .optional(),
});

import { z } from 'zod';
import { text } from './values.ts';

const texts = z.array(text).max(256).optional();

const ports = z
  .array(
    z.string().regex(/^\d{1,5}(-\d{1,5})?(\/(tcp|udp|sctp))?$/, { message: 'must be a port such as 80/tcp' }),
  )
  .max(256)
  .optional();

/** Docker's filters. Of one kind any may match (of labels, all); of all kinds one each. */
export const containerFilters = z.strictObject({
  /** Beginnings of ids. */
  id: texts,
  /** Parts of names; `^` and `$` stand for beginning and end. */
  name: texts,
  /** `key` or `key=value`. */
  label: texts,
  status: z
    .array(z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited']))
    .max(16)
    .optional(),
  /** Images by name or id; containers of images that are built on them match as well. */
  ancestor: texts,
  /** Exit codes. */
  exited: z.array(z.number().int()).max(256).optional(),
  health: z
    .array(z.enum(['starting', 'healthy', 'unhealthy', 'none']))
    .max(4)
    .optional(),
  /** Names or ids of networks that it is on. */
  network: texts,
  /** Names of volumes that it has, or places in it where something is mounted. */
  volume: texts,
  /** Published, or exposed, ports: `80`, `80/udp`, `8000-8010/tcp`. */
  publish: ports,
  expose: ports,
  /** Made before, or after, this container. */
  before: text.optional(),
  since: text.optional(),
});

export type ContainerFilters = z.output<typeof containerFilters>;

import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { EngineClient } from '../../contract/index.ts';
import type { Cancellations } from '../builds/cancellations.ts';
import type { ExecTable } from '../execs/exec-table.ts';
import type { Query } from './query.ts';
import type { ApiVersion } from './versions.ts';

/** What all routes share. */
export interface ApiContext {
  readonly engine: EngineClient;
  readonly execs: ExecTable;
  readonly cancellations: Cancellations;
}

/** One request, taken apart. */
export interface ApiCall extends ApiContext {
  readonly version: ApiVersion;
  /** What the path says in its `{name}`; empty where it has none. */
  readonly name: string;
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The whole body as JSON. */
  json<T>(schema: z.ZodType<T>): Promise<T>;
  /** The body as it comes. */
  readonly body: AsyncIterable<Uint8Array>;
}

import type { ApiCall } from '../server/api-call.ts';
import type { Filters } from '../server/filters.ts';
import type { Reply } from '../server/reply.ts';
import { EVENT_FILTERS, matchesFilters } from '../wire/event-filters.ts';
import { dockerEvent, eventLine } from '../wire/event.ts';

/** Docker's server remembers so many. */
const HISTORY = 256;

/** `GET /events`: what is remembered since a moment, then what comes; with `until`, to there. */
export function events(call: ApiCall): Reply {
  const { engine, query, signal } = call;
  const filters = query.filters(EVENT_FILTERS);
  const since = query.moment('since');
  const until = query.moment('until');
  const watched = engine.events.watch(
    {
      types: ['container', 'image', 'network', 'volume'],
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    },
    { signal },
  );
  const begun = new Date().toISOString();
  // An end without a beginning: Docker tells what it remembers of it.
  return {
    kind: 'stream',
    contentType: 'application/json',
    headAtOnce: true,
    body: lines(watched, { filters, version: call.version, begun }),
  };
}

interface Telling {
  readonly filters: Filters;
  readonly version: number;
  /** What is older is history. */
  readonly begun: string;
}

async function* lines(
  events: ReturnType<ApiCall['engine']['events']['watch']>,
  { filters, version, begun }: Telling,
): AsyncIterable<string> {
  let remembered = 0;
  for await (const event of events) {
    const told = dockerEvent(event);
    if (told === null || !matchesFilters(told, filters)) continue;
    if (event.at < begun && ++remembered > HISTORY) continue;
    yield eventLine(told, version);
  }
}

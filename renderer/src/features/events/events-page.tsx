import { useCallback, useMemo, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { EngineEvent } from '@longshore/engine/types';
import { type Text, useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { clear, NOTHING_SELECTED, type Selection } from '../../ui/data-grid/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { ListGrid } from '../lists/list-grid.tsx';
import { NothingFound } from '../lists/nothing-found.tsx';
import { EngineNotice } from '../system/engine-notice.tsx';
import { EngineOff } from '../system/engine-off.tsx';
import { useEngineTrouble } from '../system/engine-trouble.ts';
import { eventColumns } from './event-columns.tsx';
import { type EventFeedOptions, eventKey } from './event-feed.ts';
import {
  actionsOf,
  addressOfFilter,
  type EventFilter,
  filterEvents,
  filterOfAddress,
  isFiltered,
  NO_FILTER,
} from './event-filter.ts';
import { objectOf } from './event-object.ts';
import { EventPanel } from './event-panel.tsx';
import { detailsOf, titleOf } from './event-words.ts';
import { EventsBulkBar } from './events-bulk-bar.tsx';
import { EventsToolbar } from './events-toolbar.tsx';
import { useEventFeed } from './use-event-feed.ts';
import { type HeldFeed, useHeldFeed } from './use-held-feed.ts';
import { useKnownObjects } from './use-known-objects.ts';
import './events.css';

/** All but tasks, of which the drawer tells. */
const EVERYTHING: EventFeedOptions = { query: {} };

/** What happens on this machine, as it happens. */
export function EventsPage() {
  const t = useText();
  const feed = useEventFeed(EVERYTHING);
  const held = useHeldFeed(feed);
  const { filter, change } = useEventFilter();
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const shown = useMemo(() => filterEvents(held.events, filter, wordsOf(t)), [held.events, filter, t]);
  const actions = useMemo(() => actionsOf(held.events, filter.type), [held.events, filter.type]);
  const chosen = shown.filter((event) => selection.selected.has(eventKey(event)));
  return (
    <section className="page" aria-label={t('events.title')}>
      {chosen.length > 0 ? (
        <EventsBulkBar events={chosen} onClear={() => setSelection(clear(selection))} />
      ) : (
        <EventsToolbar
          filter={filter}
          onFilter={change}
          actions={actions}
          paused={held.paused}
          onPause={held.setPaused}
          onClear={feed.clear}
        >
          {filter.object !== '' && (
            <Button icon="close" onClick={() => change({ object: '' })}>
              {t('events.onlyOf', { name: nameOf(filter.object, held.events) })}
            </Button>
          )}
        </EventsToolbar>
      )}
      <EventsList
        held={held}
        shown={shown}
        filter={filter}
        onFilter={change}
        selection={selection}
        onSelection={setSelection}
        settled={feed.settled}
        onRecall={feed.cleared ? feed.recall : undefined}
      />
    </section>
  );
}

interface EventsListProps {
  readonly held: HeldFeed;
  readonly shown: readonly EngineEvent[];
  readonly filter: EventFilter;
  readonly onFilter: (part: Partial<EventFilter>) => void;
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  readonly settled: boolean;
  /** Those that were cleared are there again. */
  readonly onRecall: (() => void) | undefined;
}

function EventsList(props: EventsListProps) {
  const { held, shown, filter, onFilter, selection, onSelection, settled, onRecall } = props;
  const t = useText();
  const navigate = useNavigate();
  const trouble = useEngineTrouble();
  const known = useKnownObjects();
  const columnsOf = useCallback((text: Text) => eventColumns(text, known), [known]);
  const active = shown.find((event) => eventKey(event) === selection.active);
  const isThere = (event: EngineEvent) => known.has(objectOf(event).key);
  if (held.events.length === 0 && trouble !== undefined) return <EngineOff trouble={trouble} />;
  if (!settled) return <SkeletonRows label={t('events.loading')} />;
  return (
    <>
      <EngineNotice />
      {shown.length === 0 ? (
        <NoEvents filter={filter} onFilter={onFilter} onRecall={onRecall} />
      ) : (
        <div className="events-body">
          {/* Scrolling does not bubble, and the grid has it to itself. */}
          <div
            className="events-list"
            onScrollCapture={({ target }) => {
              if (target instanceof HTMLElement) held.setScrolled(target.scrollTop > 0);
            }}
          >
            {held.waiting > 0 && <WaitingEvents held={held} />}
            <ListGrid
              // From its top again.
              key={held.generation}
              list="events"
              columnsOf={columnsOf}
              rows={shown}
              rowKey={eventKey}
              rowLabel={({ action, at }) => `${action} ${at}`}
              selection={selection}
              onSelection={onSelection}
              onOpen={(event) => {
                if (isThere(event)) void navigate(objectOf(event).path);
              }}
              onRemove={() => undefined}
            />
          </div>
          {active !== undefined && (
            <EventPanel
              event={active}
              known={known}
              onOnlyObject={
                filter.object === objectOf(active).key
                  ? undefined
                  : () => onFilter({ object: objectOf(active).key })
              }
              onClose={() => onSelection({ ...selection, active: undefined, anchor: undefined })}
            />
          )}
        </div>
      )}
    </>
  );
}

/** What has come while the list stands still. */
function WaitingEvents({ held }: { readonly held: HeldFeed }) {
  const t = useText();
  return (
    <div className="events-waiting" role="status">
      <Button small icon="up" onClick={held.release}>
        {t('events.waitingCount', { count: held.waiting })}
      </Button>
    </div>
  );
}

type NoEventsProps = Pick<EventsListProps, 'filter' | 'onFilter' | 'onRecall'>;

function NoEvents({ filter, onFilter, onRecall }: NoEventsProps) {
  const t = useText();
  if (isFiltered(filter)) {
    return <NothingFound search={filter.search} onClear={() => onFilter(NO_FILTER)} />;
  }
  if (onRecall !== undefined) {
    return (
      <EmptyState title={t('events.cleared')} text={t('events.clearedText')}>
        <div className="empty-actions">
          <Button icon="restart" onClick={onRecall}>
            {t('events.recall')}
          </Button>
        </div>
      </EmptyState>
    );
  }
  return <EmptyState title={t('events.empty')} text={t('events.emptyText')} />;
}

function wordsOf(t: Text): (event: EngineEvent) => string {
  return (event) => `${t(titleOf(event))} ${detailsOf(event, t)}`;
}

function nameOf(object: string, events: readonly EngineEvent[]): string {
  const event = events.find((each) => objectOf(each).key === object);
  return event === undefined ? object.slice(0, 12) : objectOf(event).name;
}

function useEventFilter() {
  const [address, setAddress] = useSearchParams();
  const [search, setSearch] = useState('');
  const filter = useMemo(() => filterOfAddress(address, search), [address, search]);
  const change = (part: Partial<EventFilter>) => {
    const next = { ...filter, ...part };
    setSearch(next.search);
    setAddress(addressOfFilter(next), { replace: true });
  };
  return { filter, change };
}

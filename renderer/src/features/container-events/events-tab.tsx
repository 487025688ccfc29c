import { useMemo } from 'react';
import type { ContainerDetails, ContainerEvent } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { eventKey } from '../events/event-feed.ts';
import { markOf } from '../events/event-marks.ts';
import { detailsOf, titleOf } from '../events/event-words.ts';
import { useEventFeed } from '../events/use-event-feed.ts';
import './events.css';

const MOST = 1000;

/** What happened to the container, newest first. */
export default function EventsTab({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const options = useMemo(
    () => ({ query: { types: ['container' as const], subject: container.id }, most: MOST }),
    [container.id],
  );
  const events = useEventFeed(options).events.filter((event) => event.type === 'container');
  if (events.length === 0) return <EmptyState title={t('events.waiting')} text={t('events.waitingText')} />;
  return (
    <div
      className="details-scroll"
      tabIndex={0}
      role="region"
      aria-label={t('events.label', { name: container.name })}
    >
      <ol className="events">
        {events.map((event) => (
          <EventRow key={eventKey(event)} event={event} />
        ))}
      </ol>
    </div>
  );
}

function EventRow({ event }: { readonly event: ContainerEvent }) {
  const t = useText();
  const format = useFormat();
  const { shape, tone } = markOf(event);
  return (
    <li className="event">
      <time className="mono text-3" dateTime={event.at}>
        {format.dateTime(event.at)}
      </time>
      <StateShape shape={shape} tone={tone} />
      <span className={tone === 'bad' ? 'text-bad' : undefined}>{t(titleOf(event))}</span>
      <span className="text-3 text-small ellipsis">{detailsOf(event, t)}</span>
    </li>
  );
}

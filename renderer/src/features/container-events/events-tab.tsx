import { useEffect, useState } from 'react';
import type { ContainerDetails, ContainerEvent } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { shortId } from '../../lib/image-reference.ts';
import { maskedAssignments } from '../../lib/secrets.ts';
import { useFormat } from '../../lib/use-format.ts';
import { type MessageId, type Text, useText } from '../../messages/use-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { followContainer } from './event-log.ts';
import { markOf } from './event-marks.ts';
import './events.css';

/** What happened to the container, newest first. */
export default function EventsTab({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const engine = useEngine();
  const [events, setEvents] = useState<readonly ContainerEvent[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    void followContainer(engine, container.id, setEvents, abort.signal);
    return () => abort.abort();
  }, [engine, container.id]);
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
          <EventRow key={`${event.at} ${event.seq}`} event={event} />
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

function titleOf({ action, attributes }: ContainerEvent): MessageId {
  if (action !== 'health_status') return `event.${action}`;
  return attributes['health_status'] === 'healthy' ? 'event.healthy' : 'event.unhealthy';
}

/** What belongs to the action; labels of the container are among the attributes as well, and are not repeated. */
function detailsOf({ attributes, action }: ContainerEvent, t: Text): string {
  const word = (name: string) => (attributes[name] === '' ? undefined : attributes[name]);
  const [code, signal, oldName, image] = ['exitCode', 'signal', 'oldName', 'imageID'].map(word);
  const command = action.startsWith('exec_') ? word('command') : undefined;
  return [
    action === 'start_failed' ? word('error') : undefined,
    code === undefined ? undefined : t('event.code', { code }),
    signal === undefined ? undefined : t('event.signal', { signal }),
    oldName === undefined ? undefined : t('event.oldName', { name: oldName }),
    image === undefined ? undefined : t('event.image', { id: shortId(image) }),
    command === undefined ? undefined : maskedAssignments(command),
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

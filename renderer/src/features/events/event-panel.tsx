import { Link } from 'react-router';
import type { EngineEvent } from '@longshore/engine/types';
import { labelVariables, MASK, maskedAssignments } from '../../lib/secrets.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Fact, Facts } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ActionCell, type KnownObjects } from './event-columns.tsx';
import { objectOf } from './event-object.ts';

interface EventPanelProps {
  readonly event: EngineEvent;
  readonly known: KnownObjects;
  /** Left out: only this object is shown already. */
  readonly onOnlyObject: (() => void) | undefined;
  readonly onClose: () => void;
}

/** All that is known of one event, beside the list. */
export function EventPanel({ event, known, onOnlyObject, onClose }: EventPanelProps) {
  const t = useText();
  const format = useFormat();
  const { key, name, path } = objectOf(event);
  return (
    <aside className="event-panel" aria-label={t('events.panel')}>
      <header className="event-head">
        <h2 className="text-strong">
          <ActionCell event={event} />
        </h2>
        <span className="grow" />
        <CopyButton text={() => JSON.stringify(event, undefined, 2)} label={t('events.copyJson')} />
        <IconButton icon="close" small label={t('events.closePanel')} onClick={onClose} />
      </header>
      <div className="event-facts" tabIndex={0} role="region" aria-label={t('events.facts')}>
        <Facts longNames>
          <Fact name={t('events.time')}>{format.dateTime(event.at)}</Fact>
          <Fact name={t('events.type')} mono>
            {event.type} {event.action}
          </Fact>
          {key !== '' && (
            <Fact name={t('events.object')}>
              {known.has(key) ? <Link to={path}>{known.get(key) ?? name}</Link> : name}
            </Fact>
          )}
          {'id' in event && event.id !== '' && (
            <Fact name={t('column.id')} mono>
              {event.id}
            </Fact>
          )}
          {event.type === 'container' && <Fact name={t('column.image')}>{event.image}</Fact>}
          <Fact name={t('events.number')}>{format.number(event.seq)}</Fact>
        </Facts>
        <Attributes event={event} />
      </div>
      {key !== '' && onOnlyObject !== undefined && (
        <footer className="event-foot">
          <Button icon="filter" onClick={onOnlyObject}>
            {t('events.onlyObject', { name: known.get(key) ?? name })}
          </Button>
        </footer>
      )}
    </aside>
  );
}

/** Labels of the object, and what belongs to the action; what looks secret is never shown. */
function Attributes({ event }: { readonly event: EngineEvent }) {
  const t = useText();
  const attributes = labelVariables('attributes' in event ? event.attributes : {});
  if (attributes.length === 0) return null;
  return (
    <>
      <h3 className="event-heading">{t('events.attributes')}</h3>
      <Facts longNames>
        {attributes.map(({ name, value, secret }) => (
          <Fact key={name} name={name} mono>
            {secret ? MASK : maskedAssignments(value)}
          </Fact>
        ))}
      </Facts>
    </>
  );
}

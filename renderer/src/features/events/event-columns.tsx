import type { EngineEvent } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import type { Column } from '../../ui/data-grid/index.ts';
import { Icon, StateShape } from '../../ui/icon.tsx';
import { stateMarkOf } from './event-marks.ts';
import { objectOf, TYPE_ICONS } from './event-object.ts';
import { detailsOf, titleOf } from './event-words.ts';

/** What is still there, by the keys of events, with the name that it has today. */
export type KnownObjects = ReadonlyMap<string, string | undefined>;

interface CellProps {
  readonly event: EngineEvent;
}

export function eventColumns(t: Text, known: KnownObjects): readonly Column<EngineEvent>[] {
  return [
    {
      id: 'time',
      header: t('events.time'),
      cell: (event) => <TimeCell event={event} />,
      compare: (a, b) => b.at.localeCompare(a.at) || b.seq - a.seq,
    },
    {
      id: 'type',
      header: t('events.type'),
      cell: (event) => <TypeCell event={event} />,
      compare: (a, b) => a.type.localeCompare(b.type),
    },
    {
      id: 'object',
      header: t('events.object'),
      cell: (event) => <ObjectCell event={event} known={known} />,
      compare: (a, b) => objectOf(a).name.localeCompare(objectOf(b).name),
    },
    {
      id: 'action',
      header: t('events.action'),
      cell: (event) => <ActionCell event={event} />,
      compare: (a, b) => a.action.localeCompare(b.action),
    },
    {
      id: 'details',
      header: t('events.details'),
      cell: (event) => <span className="text-3">{detailsOf(event, t)}</span>,
    },
  ];
}

function TimeCell({ event }: CellProps) {
  const format = useFormat();
  return (
    <time className="mono text-2" dateTime={event.at} title={format.dateTime(event.at)}>
      {format.exactTimeOfDay(event.at)}
    </time>
  );
}

function TypeCell({ event }: CellProps) {
  const t = useText();
  return (
    <span className="row text-2">
      <Icon name={TYPE_ICONS[event.type]} />
      {t(`events.of.${event.type}`)}
    </span>
  );
}

/** A link as long as it is there. */
export function ObjectCell({ event, known }: CellProps & { readonly known: KnownObjects }) {
  const t = useText();
  const { key, name, path } = objectOf(event);
  if (key === '') return <span className="text-3">{t('events.noObject')}</span>;
  const shown = known.get(key) ?? name;
  if (!known.has(key)) {
    return (
      <span className="text-3 ellipsis" title={t('events.gone', { name: shown })}>
        {shown}
      </span>
    );
  }
  return (
    <a className="list-name ellipsis" href={`#${path}`} tabIndex={-1}>
      {shown}
    </a>
  );
}

export function ActionCell({ event }: CellProps) {
  const t = useText();
  const mark = event.type === 'container' ? stateMarkOf(event) : undefined;
  return (
    <span className="row">
      <span className="event-mark">
        {mark !== undefined && <StateShape shape={mark.shape} tone={mark.tone} />}
      </span>
      <span className={mark?.tone === 'bad' ? 'text-bad' : undefined}>{t(titleOf(event))}</span>
    </span>
  );
}

import { type ReactNode, useRef } from 'react';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import type { EventFilter } from './event-filter.ts';
import { EVENT_TYPES } from './event-object.ts';

interface EventsToolbarProps {
  readonly filter: EventFilter;
  readonly onFilter: (part: Partial<EventFilter>) => void;
  /** By the engine's words; of what is there. */
  readonly actions: readonly string[];
  readonly paused: boolean;
  readonly onPause: (paused: boolean) => void;
  readonly onClear: () => void;
  /** What of the object is shown alone. */
  readonly children: ReactNode;
}

export function EventsToolbar(props: EventsToolbarProps) {
  const { filter, onFilter, actions, paused, onPause, onClear, children } = props;
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  useSlashKey(field);
  return (
    <div className="toolbar events-toolbar">
      <SearchField
        ref={field}
        value={filter.search}
        label={t('events.search')}
        shortcut="/"
        onChange={(search) => onFilter({ search })}
      />
      <Segmented
        label={t('events.type')}
        value={filter.type}
        onChange={(type) => onFilter({ type, actions: [] })}
        options={(['all', ...EVENT_TYPES] as const).map((value) => ({
          value,
          label: t(`events.filter.${value}`),
        }))}
      />
      <ActionMenu
        chosen={filter.actions}
        actions={actions}
        onChange={(next) => onFilter({ actions: next })}
      />
      {children}
      <span className="grow" />
      <Button
        variant="quiet"
        icon={paused ? 'play' : 'pause'}
        pressed={paused}
        onClick={() => onPause(!paused)}
      >
        {t(paused ? 'events.resume' : 'events.pause')}
      </Button>
      <IconButton icon="clear" label={t('events.clear')} onClick={onClear} />
    </div>
  );
}

interface ActionMenuProps {
  readonly chosen: readonly string[];
  readonly actions: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Those of the engine, as `docker events` has them. */
function ActionMenu({ chosen, actions, onChange }: ActionMenuProps) {
  const t = useText();
  const toggled = (action: string) =>
    chosen.includes(action) ? chosen.filter((each) => each !== action) : [...chosen, action];
  return (
    <Menu
      align="start"
      trigger={
        <Button variant="quiet" icon="filter" pressed={chosen.length > 0}>
          {chosen.length === 0 ? t('events.actions') : t('events.someActions', { count: chosen.length })}
        </Button>
      }
      entries={[
        { label: t('events.allActions'), disabled: chosen.length === 0, onSelect: () => onChange([]) },
        { kind: 'separator' },
        ...actions.map((action) => ({
          kind: 'toggle' as const,
          label: action,
          checked: chosen.includes(action),
          onSelect: () => onChange(toggled(action)),
        })),
      ]}
    />
  );
}

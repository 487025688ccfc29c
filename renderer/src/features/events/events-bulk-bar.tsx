import type { EngineEvent } from '@longshore/engine/types';
import { copyText } from '../../lib/clipboard.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/field.tsx';

interface EventsBulkBarProps {
  readonly events: readonly EngineEvent[];
  readonly onClear: () => void;
}

export function EventsBulkBar({ events, onClear }: EventsBulkBarProps) {
  const t = useText();
  const copy = () => copyText(events.map((event) => JSON.stringify(event)).join('\n'));
  return (
    <div className="toolbar toolbar-selection" role="toolbar" aria-label={t('bulk.label')}>
      <span className="text-strong">{t('bulk.selected', { count: events.length })}</span>
      <span className="grow" />
      <Button icon="copy" onClick={() => void copy()}>
        {t('events.copyLines')}
      </Button>
      <span className="divider" />
      <Button variant="quiet" onClick={onClear}>
        {t('bulk.clear')} <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}

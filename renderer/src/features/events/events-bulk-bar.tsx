import type { EngineEvent } from '@longshore/engine/types';
import { copyText } from '../../lib/clipboard.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { SelectionBar } from '../lists/selection-bar.tsx';

interface EventsBulkBarProps {
  readonly events: readonly EngineEvent[];
  readonly onClear: () => void;
}

export function EventsBulkBar({ events, onClear }: EventsBulkBarProps) {
  const t = useText();
  const copy = () => copyText(events.map((event) => JSON.stringify(event)).join('\n'));
  return (
    <SelectionBar count={events.length} onClear={onClear}>
      <span className="grow" />
      <Button icon="copy" onClick={() => void copy()}>
        {t('events.copyLines')}
      </Button>
    </SelectionBar>
  );
}

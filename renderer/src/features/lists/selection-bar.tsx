import type { ReactNode } from 'react';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/field.tsx';

interface SelectionBarProps {
  readonly count: number;
  readonly onClear: () => void;
  /** What the selected have in common, or can be told of all of them. */
  readonly note?: ReactNode;
  /** What can be done with all of them; what destroys stands apart, behind a `grow`. */
  readonly children: ReactNode;
}

/** Takes the toolbar's place while rows are selected. */
export function SelectionBar({ count, onClear, note, children }: SelectionBarProps) {
  const t = useText();
  return (
    <div className="toolbar toolbar-selection" role="toolbar" aria-label={t('bulk.label')}>
      <span className="text-strong">{t('bulk.selected', { count })}</span>
      {note !== undefined && <span className="text-3">{note}</span>}
      {children}
      <span className="divider" />
      <Button variant="quiet" onClick={onClear}>
        {t('bulk.clear')} <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}

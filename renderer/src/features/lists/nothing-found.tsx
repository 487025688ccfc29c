import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

interface NothingFoundProps {
  /** Empty: it is the filter that leaves nothing over. */
  readonly search: string;
  readonly onClear: () => void;
}

/** A list that is not empty, of which search and filter show nothing. */
export function NothingFound({ search, onClear }: NothingFoundProps) {
  const t = useText();
  return (
    <EmptyState
      title={t('list.nothingFound')}
      text={search === '' ? t('list.noneInFilter') : t('list.noneMatch', { search })}
    >
      <div className="empty-actions">
        <Button icon="close" onClick={onClear}>
          {t('list.clearFilter')}
        </Button>
      </div>
    </EmptyState>
  );
}

import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { Starters } from './starters.tsx';

export function NoImages() {
  const t = useText();
  return (
    <EmptyState wide title={t('images.none')} text={t('images.noneText')}>
      <Starters />
      <div className="empty-actions">
        <Button variant="quiet" icon="download" onClick={() => openOverlay({ kind: 'pull', reference: '' })}>
          {t('images.pull')}
        </Button>
        <Button variant="quiet" icon="upload" onClick={() => openOverlay({ kind: 'load-images', files: [] })}>
          {t('images.load')}
        </Button>
      </div>
    </EmptyState>
  );
}

interface NoSuchImageProps {
  /** Empty: it is the filter that leaves nothing over. */
  readonly search: string;
  readonly onClear: () => void;
}

/** What is not on this machine may be in a registry. */
export function NoSuchImage({ search, onClear }: NoSuchImageProps) {
  const t = useText();
  const term = search.trim();
  return (
    <EmptyState
      title={t('list.nothingFound')}
      text={term === '' ? t('list.noneInFilter') : t('images.noneHere', { search: term })}
    >
      <div className="empty-actions">
        {term !== '' && (
          <Button
            variant="primary"
            icon="search"
            onClick={() => openOverlay({ kind: 'pull', reference: term })}
          >
            {t('images.searchRegistry')}
          </Button>
        )}
        <Button icon="close" onClick={onClear}>
          {t('list.clearFilter')}
        </Button>
      </div>
    </EmptyState>
  );
}

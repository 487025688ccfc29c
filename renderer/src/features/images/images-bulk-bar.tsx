import type { ImageSummary } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/field.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { useStartTransfer } from '../transfers/transfer-store.ts';

interface ImagesBulkBarProps {
  readonly images: readonly ImageSummary[];
  readonly onClear: () => void;
}

export function ImagesBulkBar({ images, onClear }: ImagesBulkBarProps) {
  const t = useText();
  const format = useFormat();
  const start = useStartTransfer();
  const references = images.flatMap((image) => image.references);
  const unique = images.reduce((sum, { uniqueBytes }) => sum + uniqueBytes, 0);
  const pullAgain = () => {
    for (const reference of references) start.pull(reference);
    onClear();
  };
  return (
    <div className="toolbar toolbar-selection" role="toolbar" aria-label={t('bulk.label')}>
      <span className="text-strong">{t('bulk.selected', { count: images.length })}</span>
      <span className="text-3">
        {t('images.inUseCount', { count: images.filter(({ usedBy }) => usedBy.length > 0).length })}
        {' · '}
        {t('images.uniqueOf', { size: format.bytes(unique) })}
      </span>
      <span className="grow" />
      <Button icon="download" disabled={references.length === 0} onClick={pullAgain}>
        {t('images.pullAgain')}
      </Button>
      <Button icon="file" onClick={() => openOverlay({ kind: 'save-images', images })}>
        {t('images.save')}
      </Button>
      <Button variant="danger" icon="trash" onClick={() => openOverlay({ kind: 'remove-images', images })}>
        {t('action.delete')}
      </Button>
      <span className="divider" />
      <Button variant="quiet" onClick={onClear}>
        {t('bulk.clear')} <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}

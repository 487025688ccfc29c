import type { ImageSummary } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { SelectionBar } from '../lists/selection-bar.tsx';
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
  const inUse = t('images.inUseCount', { count: images.filter(({ usedBy }) => usedBy.length > 0).length });
  const pullAgain = () => {
    for (const reference of references) start.pull(reference);
    onClear();
  };
  return (
    <SelectionBar
      count={images.length}
      onClear={onClear}
      note={`${inUse} · ${t('images.uniqueOf', { size: format.bytes(unique) })}`}
    >
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
    </SelectionBar>
  );
}

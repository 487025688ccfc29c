import { usePreferences } from '../../lib/preferences.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-grid/index.ts';
import { ListToolbar } from '../lists/list-toolbar.tsx';
import type { ListChoice } from '../lists/use-list-choice.ts';
import { openOverlay } from '../overlays/overlay-store.ts';
import { IMAGE_FILTERS, type ImageFilter } from './image-list.ts';
import type { ImageRow } from './image-rows.ts';

interface ImagesToolbarProps {
  readonly columnsOf: (t: Text) => readonly Column<ImageRow>[];
  readonly choice: ListChoice<ImageFilter>;
  readonly counts: Readonly<Record<ImageFilter, number>>;
}

export function ImagesToolbar({ counts, ...rest }: ImagesToolbarProps) {
  const t = useText();
  const { imageLayout, setImageLayout } = usePreferences();
  const filters = IMAGE_FILTERS.filter((value) => value !== 'untagged' || counts.untagged > 0);
  return (
    <ListToolbar
      list="images"
      filters={filters.map((value) => ({
        value,
        label: t(`imageFilter.${value}`),
        count: String(counts[value]),
      }))}
      {...rest}
    >
      <IconButton
        icon="tree"
        label={t('images.tree')}
        pressed={imageLayout === 'tree'}
        onClick={() => setImageLayout(imageLayout === 'tree' ? 'list' : 'tree')}
      />
      <IconButton
        icon="clear"
        label={t('images.prune')}
        disabled={counts.unused === 0}
        onClick={() => openOverlay({ kind: 'prune-images' })}
      />
      <Button icon="upload" onClick={() => openOverlay({ kind: 'load-images', files: [] })}>
        {t('images.load')}
      </Button>
      <Button
        variant={counts.all === 0 ? 'default' : 'primary'}
        icon="download"
        onClick={() => openOverlay({ kind: 'pull', reference: '' })}
      >
        {t('images.pull')}
      </Button>
    </ListToolbar>
  );
}

import type { ImageDetails } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { platformName } from '../../lib/platform-name.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { imageName } from '../images/image-list.ts';
import { imageMenu } from '../images/image-menu.ts';
import { openOverlay } from '../overlays/overlay-store.ts';

export function ImageHeader({ image }: { readonly image: ImageDetails }) {
  const t = useText();
  const [, ...others] = image.references;
  return (
    <header className="details-head">
      <div className="row">
        <h1 className="details-name ellipsis" title={imageName(image)}>
          {imageName(image)}
        </h1>
        {image.references.length === 0 && <span className="text-3">{t('images.untagged')}</span>}
        {others.length > 0 && (
          <span className="tag" title={others.join('\n')}>
            {t('images.otherNames', { count: others.length })}
          </span>
        )}
        <span className="grow" />
        <Button icon="tag" onClick={() => openOverlay({ kind: 'tag-image', image })}>
          {t('images.tag')}
        </Button>
        <Button
          variant="primary"
          icon="play"
          onClick={() => openOverlay({ kind: 'run', image: imageName(image) })}
        >
          {t('containers.run')}
        </Button>
        <Menu trigger={<IconButton icon="kebab" label={t('action.more')} />} entries={imageMenu(image, t)} />
      </div>
      <ImageMeta image={image} />
    </header>
  );
}

function ImageMeta({ image }: { readonly image: ImageDetails }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(60_000);
  return (
    <div className="details-meta">
      <span>
        <span className="text-3">{t('overview.platform')}</span> {platformName(image.platform)}
      </span>
      <span title={t('bytes.exact', { bytes: format.exactBytes(image.sizeBytes) })}>
        <span className="text-3">{t('column.size')}</span> {format.bytes(image.sizeBytes)}
      </span>
      {image.createdAt !== null && (
        <span title={format.dateTime(image.createdAt)}>
          <span className="text-3">{t('column.created')}</span> {format.ago(image.createdAt, now)}
        </span>
      )}
      <span className="row mono text-3 details-id">
        {shortId(image.id)}
        <CopyButton text={image.id} label={t('action.copyId')} />
      </span>
    </div>
  );
}

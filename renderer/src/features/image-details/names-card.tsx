import type { ImageDetails } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useToasts } from '../../ui/toast-store.ts';

/** The names that lead to this image. The last one is not taken away here: that would delete the image. */
export function NamesCard({ image }: { readonly image: ImageDetails }) {
  const t = useText();
  const removeName = useRemoveName(image.id);
  const { references, repoDigests } = image;
  return (
    <Card title={t('image.names')} count={references.length}>
      {references.length === 0 && <p className="text-3 text-small">{t('image.noNames')}</p>}
      <ul className="names">
        {references.map((reference) => (
          <li key={reference}>
            <span className="name-text">{reference}</span>
            <CopyButton text={reference} label={t('image.copyReference', { reference })} />
            {references.length > 1 && (
              <IconButton
                icon="close"
                small
                label={t('image.removeName', { reference })}
                onClick={() => void removeName(reference)}
              />
            )}
          </li>
        ))}
        {repoDigests.map((reference) => (
          <li key={reference} className="text-3">
            <span className="name-text mono">{reference}</span>
            <CopyButton text={reference} label={t('image.copyReference', { reference })} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Takes a name away at once, and offers to give it back. */
function useRemoveName(image: string): (reference: string) => Promise<void> {
  const t = useText();
  const engine = useEngine();
  const show = useToasts((state) => state.show);
  const giveBack = async (reference: string) => {
    try {
      await engine.images.tag({ image, reference });
    } catch (error) {
      reportError(error);
    }
  };
  return async (reference) => {
    try {
      await engine.images.remove({ image: reference });
      show({
        tone: 'ok',
        title: t('image.nameRemoved', { reference }),
        action: { label: t('image.undo'), run: () => void giveBack(reference) },
      });
    } catch (error) {
      reportError(error);
    }
  };
}

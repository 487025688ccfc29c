import { useState } from 'react';
import type { ImageSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { runConcurrently } from '../../lib/run-concurrently.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { removeImagesCommand } from '../commands/image-commands.ts';
import { imageName } from './image-list.ts';

export function RemoveImagesDialog({ images }: { readonly images: readonly ImageSummary[] }) {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const [busy, setBusy] = useState(false);
  const bytes = images.reduce((sum, image) => sum + image.uniqueBytes, 0);
  const used = images.filter((image) => image.usedBy.length > 0);
  const remove = async () => {
    setBusy(true);
    let freed = 0;
    // One after another: each removal changes what the next one shares.
    const outcomes = await runConcurrently(images, 1, async (image) => {
      const removed = await engine.images.remove({ image: image.id, force: image.references.length > 1 });
      freed += removed.freedBytes;
    });
    closeOverlay();
    const failed = outcomes.filter((outcome) => outcome.error !== undefined);
    for (const outcome of failed) reportError(outcome.error);
    if (failed.length < images.length) {
      const count = images.length - failed.length;
      useToasts
        .getState()
        .show({ tone: 'ok', title: t('removeImages.done', { count, bytes: format.exactBytes(freed) }) });
    }
  };
  return (
    <ConfirmDialog
      title={t('removeImages.title', { count: images.length })}
      confirmLabel={t('removeImages.confirm', { count: images.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={closeOverlay}
      command={
        <CommandView
          command={removeImagesCommand(
            images.map(imageName),
            images.some(({ references }) => references.length > 1),
          )}
        />
      }
    >
      <p>{t('removeImages.text', { bytes: format.exactBytes(bytes) })}</p>
      <ul className="confirm-list">
        {images.flatMap((image) => {
          const names = image.references.length > 0 ? image.references : [imageName(image)];
          return names.map((name, index) => (
            <li key={`${image.id} ${name}`} className="row">
              <span className="text-medium ellipsis">{name}</span>
              <span className="grow" />
              <span className="text-3 text-small">{index === 0 ? format.bytes(image.uniqueBytes) : ''}</span>
            </li>
          ));
        })}
      </ul>
      {used.length > 0 && (
        <p className="text-warn">
          {t('removeImages.used', { names: used.flatMap((image) => image.usedBy).join(', ') })}
        </p>
      )}
    </ConfirmDialog>
  );
}

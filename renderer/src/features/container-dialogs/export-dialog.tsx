import { useEffect, useState } from 'react';
import type { ContainerSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { downloadBlob } from '../../lib/download.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { displayName } from '../containers/container-list.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { collectBlob } from './collect-blob.ts';

/** Reads the container's files as one tar archive, which the browser then saves. Closing the dialog cancels it. */
export default function ExportDialog({ container }: { readonly container: ContainerSummary }) {
  const t = useText();
  const format = useFormat();
  const { bytes, error } = useExport(container);
  return (
    <Dialog
      title={t('export.title', { name: displayName(container) })}
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      footer={
        <>
          <span className="grow" />
          <Button data-autofocus onClick={closeOverlay}>
            {t(error === undefined ? 'ui.cancel' : 'ui.close')}
          </Button>
        </>
      }
    >
      <div className="dialog-text">
        {error === undefined ? (
          <>
            <p>{t('export.text', { file: fileOf(container) })}</p>
            <p role="status">{t('export.read', { bytes: format.bytes(bytes) })}</p>
          </>
        ) : (
          <ErrorNotice {...describeError(error)} />
        )}
      </div>
    </Dialog>
  );
}

function useExport(container: ContainerSummary) {
  const engine = useEngine();
  const [bytes, setBytes] = useState(0);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const abort = new AbortController();
    const save = async () => {
      const archive = engine.containers.export({ container: container.id }, { signal: abort.signal });
      const blob = await collectBlob(archive, 'application/x-tar', setBytes);
      if (abort.signal.aborted) return;
      downloadBlob(fileOf(container), blob);
      closeOverlay();
    };
    save().catch((thrown: unknown) => {
      if (!abort.signal.aborted) setError(thrown);
    });
    return () => abort.abort();
  }, [engine, container]);
  return { bytes, error };
}

function fileOf(container: ContainerSummary): string {
  return `${displayName(container)}.tar`;
}

import { useEffect, useRef, useState } from 'react';
import { describeError } from '../../lib/describe-error.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import type { ActionCommand } from '../commands/action-command.ts';
import { CommandView } from '../commands/command-view.tsx';

interface SavingDialogProps {
  readonly title: string;
  readonly text: string;
  /** The name that it is saved under. */
  readonly file: string;
  /** What does the same. */
  readonly command: ActionCommand;
  readonly pieces: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** An archive on its way to the disk. Closing the dialog cancels it. */
export function SavingDialog({ title, text, file, command, pieces }: SavingDialogProps) {
  const t = useText();
  const format = useFormat();
  const { bytes, error } = useSaving(file, pieces);
  return (
    <Dialog
      title={title}
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
            <p>{text}</p>
            <p role="status">{t('export.read', { bytes: format.bytes(bytes) })}</p>
          </>
        ) : (
          <ErrorNotice {...describeError(error)} />
        )}
      </div>
      <CommandView command={command} />
    </Dialog>
  );
}

/** Once, from the moment the dialog is there. */
function useSaving(file: string, pieces: SavingDialogProps['pieces']) {
  const t = useText();
  const [bytes, setBytes] = useState(0);
  const [error, setError] = useState<unknown>();
  const source = useRef({ file, pieces, t });
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const { file: name, pieces: open, t: text } = source.current;
    const save = async () => {
      const saved = await saveFile(() => open(signal), {
        name,
        type: 'application/x-tar',
        signal,
        progress: setBytes,
      });
      if (signal.aborted) return;
      if (saved) useToasts.getState().show({ tone: 'ok', title: text('export.saved', { file: name }) });
      closeOverlay();
    };
    save().catch((thrown: unknown) => {
      if (!signal.aborted) setError(thrown);
    });
    return () => abort.abort();
  }, []);
  return { bytes, error };
}

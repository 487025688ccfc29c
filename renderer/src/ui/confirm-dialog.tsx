import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import type { IconName } from './icon.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  /** Of the danger's button: a bin unless something else happens. */
  readonly icon?: IconName;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** Exactly what will happen. */
  readonly children: ReactNode;
  /** The command line that does the same. */
  readonly command?: ReactNode;
}

/** Enter confirms only when the danger is focused: the focus begins on the safe button. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    title,
    confirmLabel,
    cancelLabel,
    icon = 'trash',
    busy = false,
    onConfirm,
    onClose,
    children,
    command,
  } = props;
  return (
    <Dialog
      title={title}
      closeLabel={cancelLabel}
      size="small"
      onClose={onClose}
      footer={
        <>
          <span className="grow" />
          <Button data-autofocus onClick={onClose}>
            {cancelLabel}
          </Button>
          <Button variant="danger" icon={icon} disabled={busy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <div className="dialog-text">{children}</div>
      {command}
    </Dialog>
  );
}

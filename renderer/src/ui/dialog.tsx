import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly headerEnd?: ReactNode;
  readonly size?: 'small' | 'large';
  /** Enter in a field, and the form's submit button. */
  readonly onSubmit?: () => void;
}

/**
 * The platform's own modal dialog: it holds the focus, makes the page behind inert, and Escape closes it. Focus goes
 * to the element that is marked with `data-autofocus`, else where the browser puts it, and comes back afterwards.
 */
export function Dialog(props: DialogProps) {
  const { title, closeLabel, onClose, children, footer, headerEnd, size = 'large', onSubmit } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useModal(dialog);
  const body = (
    <>
      <header className="dialog-header">
        <h1 id={titleId}>{title}</h1>
        <span className="grow" />
        {headerEnd}
        <IconButton icon="close" label={closeLabel} onClick={onClose} />
      </header>
      <div className="dialog-body">{children}</div>
      {footer !== undefined && <footer className="dialog-footer">{footer}</footer>}
    </>
  );
  return (
    <dialog
      ref={dialog}
      className={`dialog dialog-${size}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {onSubmit === undefined ? (
        <div className="dialog-frame">{body}</div>
      ) : (
        <form
          className="dialog-frame"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {body}
        </form>
      )}
    </dialog>
  );
}

/** Shows the dialog for as long as it is mounted and gives the focus back to what had it. */
export function useModal(dialog: React.RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, [dialog]);
}

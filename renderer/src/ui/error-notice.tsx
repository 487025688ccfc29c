import { useState } from 'react';
import { useText } from '../messages/use-text.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { StateShape } from './icon.tsx';
import './error-notice.css';

interface ErrorNoticeProps {
  readonly title: string;
  readonly hint?: string | undefined;
  readonly details?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

/** A failure where it happened: what, what to do, and the technical words on demand. */
export function ErrorNotice({ title, hint, details, action }: ErrorNoticeProps) {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <div className="error-notice" role="alert">
      <StateShape shape="failed" tone="bad" />
      <div className="grow">
        <p className="error-title">{title}</p>
        {hint !== undefined && <p className="error-hint">{hint}</p>}
        {open && <pre className="error-details mono">{details}</pre>}
      </div>
      {details !== undefined && (
        <>
          <Button small variant="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'toast.hideDetails' : 'toast.showDetails')}
          </Button>
          <CopyButton text={details} label={t('toast.copyDetails')} />
        </>
      )}
      {action !== undefined && (
        <Button small onClick={action.run}>
          {action.label}
        </Button>
      )}
    </div>
  );
}

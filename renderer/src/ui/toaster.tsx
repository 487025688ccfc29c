import { useEffect, useState } from 'react';
import { useText } from '../messages/use-text.ts';
import { Button, IconButton } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { StateShape } from './icon.tsx';
import { type Toast, useToasts } from './toast-store.ts';
import './toaster.css';

const QUIET_MS = 5000;

/** Bottom right. Good news leaves by itself; errors stay until a person has seen them. */
export function Toaster() {
  const t = useText();
  const toasts = useToasts((state) => state.toasts);
  return (
    <section className="toaster" aria-label={t('toast.region')} aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const t = useText();
  const dismiss = useToasts((state) => state.dismiss);
  const [open, setOpen] = useState(false);
  const { id, tone, details, action } = toast;
  useEffect(() => {
    if (tone === 'bad') return undefined;
    const timer = setTimeout(() => dismiss(id), QUIET_MS);
    return () => clearTimeout(timer);
  }, [id, tone, dismiss]);
  return (
    <article className="toast" role={tone === 'bad' ? 'alert' : 'status'}>
      <StateShape shape={tone === 'bad' ? 'failed' : 'done'} tone={tone} />
      <div className="grow">
        <p className="toast-title">{toast.title}</p>
        {toast.hint !== undefined && <p className="toast-hint">{toast.hint}</p>}
        {open && details !== undefined && <pre className="toast-details mono">{details}</pre>}
        {(details !== undefined || action !== undefined) && (
          <div className="toast-actions">
            {action !== undefined && (
              <Button
                small
                onClick={() => {
                  dismiss(id);
                  action.run();
                }}
              >
                {action.label}
              </Button>
            )}
            {details !== undefined && (
              <>
                <Button small variant="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
                  {t(open ? 'toast.hideDetails' : 'toast.showDetails')}
                </Button>
                <CopyButton text={details} label={t('toast.copyDetails')} />
              </>
            )}
          </div>
        )}
      </div>
      <IconButton icon="close" small label={t('ui.dismiss')} onClick={() => dismiss(id)} />
    </article>
  );
}

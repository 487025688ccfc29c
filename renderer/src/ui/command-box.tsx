import { useText } from '../messages/use-text.ts';
import { CopyButton } from './copy-button.tsx';
import './command-box.css';

/** The command line that does what the primary button does. */
export function CommandBox({ command }: { readonly command: string }) {
  const t = useText();
  return (
    <div className="command-box">
      <div className="command-head">
        <span>{t('run.sameAs')}</span>
        <span className="text-medium command-program">longshore</span>
        <span className="grow" />
        <CopyButton text={command} label={t('run.copyCommand')} />
      </div>
      <pre className="mono" data-testid="command-line">
        {command}
      </pre>
    </div>
  );
}

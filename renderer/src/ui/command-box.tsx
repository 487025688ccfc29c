import { useState } from 'react';
import { useText } from '../messages/use-text.ts';
import { IconButton } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import './command-box.css';

interface CommandBoxProps {
  readonly command: string;
  /** The same with its secrets masked: shown and copied instead until they are asked for. */
  readonly masked?: string;
}

/** The command line that does what the primary button does. */
export function CommandBox({ command, masked = command }: CommandBoxProps) {
  const t = useText();
  const [revealed, setRevealed] = useState(false);
  const secrets = masked !== command;
  const shown = revealed ? command : masked;
  return (
    <div className="command-box">
      <div className="command-head">
        <span>{t('run.sameAs')}</span>
        <span className="text-medium command-program">longshore</span>
        <span className="grow" />
        {secrets && (
          <IconButton
            icon="eye"
            small
            pressed={revealed}
            label={t(revealed ? 'secrets.hide' : 'secrets.reveal')}
            onClick={() => setRevealed(!revealed)}
          />
        )}
        <CopyButton text={shown} label={t(secrets && !revealed ? 'secrets.copyMasked' : 'run.copyCommand')} />
      </div>
      <pre className="mono" data-testid="command-line" tabIndex={0}>
        {shown}
      </pre>
    </div>
  );
}

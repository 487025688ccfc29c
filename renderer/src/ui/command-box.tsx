import { useState } from 'react';
import { useText } from '../messages/use-text.ts';
import { IconButton } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { Hint } from './field.tsx';
import { Segmented } from './segmented.tsx';
import './command-box.css';

interface CommandBoxProps<Program extends string> {
  readonly program: Program;
  readonly programs: readonly Program[];
  readonly onProgram: (program: Program) => void;
  /** Undefined: this program has none; the note says so. */
  readonly command: string | undefined;
  /** The same with its secrets masked: shown and copied instead until they are asked for. */
  readonly masked: string | undefined;
  readonly note: string | undefined;
}

/** The command line that does what the primary button does, for one of several programs. */
export function CommandBox<Program extends string>(props: CommandBoxProps<Program>) {
  const { program, programs, onProgram, command, masked, note } = props;
  const t = useText();
  const [revealed, setRevealed] = useState(false);
  const secrets = masked !== command;
  const shown = revealed ? command : masked;
  return (
    <section className="command-box" aria-label={t('run.sameAs')}>
      <div className="command-head">
        <span>{t('run.sameAs')}</span>
        <Segmented
          label={t('command.program')}
          value={program}
          onChange={onProgram}
          options={programs.map((value) => ({ value, label: value }))}
        />
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
        {shown !== undefined && (
          <CopyButton
            text={shown}
            label={t(secrets && !revealed ? 'secrets.copyMasked' : 'run.copyCommand')}
          />
        )}
      </div>
      {shown !== undefined && (
        <pre className="mono" data-testid="command-line" tabIndex={0}>
          {shown}
        </pre>
      )}
      {note !== undefined && (
        <div className="command-note">
          <Hint>{note}</Hint>
        </div>
      )}
    </section>
  );
}

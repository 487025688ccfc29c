import { useEffect, useRef } from 'react';
import type { BuildStepProgress } from '@longshore/engine/types';
import { openExternal } from '../../lib/open-external.ts';
import { useText } from '../../messages/use-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TerminalView } from '../../ui/xterm/terminal-view.ts';
import type { BuildWatch } from './build-watch.ts';
import '../logs/logs.css';

const SCROLLBACK = 20_000;

interface StepLogProps {
  readonly watch: BuildWatch | undefined;
  readonly step: BuildStepProgress;
}

/** What one step writes, while it writes it. */
export function StepLog({ watch, step }: StepLogProps) {
  const t = useText();
  const host = useRef<HTMLDivElement>(null);
  const label = t('builds.logOf', { step: step.instruction });
  const { index } = step;
  useEffect(() => {
    if (host.current === null || watch === undefined) return undefined;
    const view = new TerminalView({
      readOnly: true,
      scrollback: SCROLLBACK,
      label,
      openLink: openExternal,
    });
    view.attach(host.current);
    const { pieces, cut } = watch.logs.of(index);
    if (cut) view.terminal.writeln(`\u001b[2m${t('builds.logCut')}\u001b[0m`);
    for (const piece of pieces) view.terminal.write(piece);
    const stop = watch.onLog((written, data) => {
      if (written === index) view.terminal.write(data);
    });
    return () => {
      stop();
      view[Symbol.dispose]();
    };
  }, [watch, index, label, t]);
  return (
    <aside className="build-log" aria-label={t('builds.log')}>
      <header className="build-log-head">
        <span className="text-3 text-small">{t('builds.log')}</span>
        <span className="mono text-small ellipsis" title={step.instruction}>
          {step.instruction}
        </span>
        <span className="grow" />
        <CopyButton text={step.instruction} label={t('builds.copyStep')} />
      </header>
      <div ref={host} className="terminal-host build-log-host" role="log" aria-label={label} />
      {step.error !== null && (
        <p className="build-log-error" role="alert">
          {step.error.message}
          {step.error.hint !== undefined && <span className="text-3"> {step.error.hint}</span>}
        </p>
      )}
      {step.state === 'cached' && <p className="build-log-note text-3">{t('builds.cachedLog')}</p>}
    </aside>
  );
}

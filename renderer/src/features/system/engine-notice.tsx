import { useText } from '../../messages/use-text.ts';
import { StateShape } from '../../ui/icon.tsx';
import { type EngineTrouble, useEngineTrouble } from './engine-trouble.ts';
import { RemedyButton } from './remedy-button.tsx';
import './engine-notice.css';

/** Above a page that goes on showing what it last knew: that this may be old, why, and what to do. */
export function EngineNotice() {
  const t = useText();
  const trouble = useEngineTrouble();
  if (trouble === undefined) return null;
  const starting = trouble.kind === 'starting';
  return (
    <div className="engine-notice" role="alert">
      <StateShape shape={starting ? 'busy' : 'warning'} tone={starting ? 'info' : 'warn'} />
      <p className="grow">
        <b>{t(TITLES[trouble.kind])}</b> <Reason trouble={trouble} />
      </p>
      <RemedyButton trouble={trouble} small />
    </div>
  );
}

const TITLES = {
  'no-engine': 'engine.lost',
  starting: 'engine.starting',
  'no-agent': 'engine.noAgent',
} as const;

function Reason({ trouble }: { readonly trouble: EngineTrouble }) {
  const t = useText();
  switch (trouble.kind) {
    case 'no-engine':
      return <span className="text-2">{t('engine.lostText')}</span>;
    case 'starting':
      return <span className="text-2">{t('engine.startingStep', { step: trouble.step })}</span>;
    case 'no-agent':
      return (
        <span className="text-2">
          {trouble.error.message} {trouble.error.hint}
        </span>
      );
  }
}

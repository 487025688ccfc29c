import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { StarterImage } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { useStarters } from './queries.ts';
import './images.css';

/** Images that need no registry: one click makes one, runs it and shows what it does. */
export function Starters() {
  const starters = useStarters();
  return (
    <div className="starters">
      {starters.data?.map((starter, index) => (
        <Starter key={starter.name} starter={starter} first={index === 0} />
      ))}
    </div>
  );
}

interface Recipe {
  readonly icon: IconName;
  readonly interactive: boolean;
  readonly tab: 'logs' | 'terminal';
}

const RECIPES: Readonly<Record<StarterImage['name'], Recipe>> = {
  hello: { icon: 'greeting', interactive: false, tab: 'logs' },
  busybox: { icon: 'terminal', interactive: true, tab: 'terminal' },
};

interface StarterProps {
  readonly starter: StarterImage;
  readonly first: boolean;
}

function Starter({ starter, first }: StarterProps) {
  const t = useText();
  const engine = useEngine();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const { icon, interactive, tab } = RECIPES[starter.name];
  const command = `longshore run ${interactive ? '-dit' : '-d'} ${starter.reference}`;
  const run = async () => {
    setBusy(true);
    try {
      if (!starter.installed) await engine.images.installStarter({ name: starter.name });
      const container = await engine.containers.run({
        image: starter.reference,
        tty: interactive,
        openStdin: interactive,
      });
      void navigate(`/containers/${container.id}/${tab}`);
    } catch (error) {
      reportError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <article className="starter" aria-label={starter.name}>
      <div className="starter-about">
        <span className="starter-icon">
          <Icon name={icon} />
        </span>
        <div>
          <h2 className="text-strong">{starter.reference}</h2>
          <p className="text-2">{starter.description}</p>
        </div>
      </div>
      <div className="row">
        <span className="starter-command">
          <code className="command-line mono ellipsis">{command}</code>
          <CopyButton text={command} label={t('run.copyCommand')} />
        </span>
        <Button
          variant={first ? 'primary' : 'default'}
          icon="play"
          disabled={busy}
          onClick={() => void run()}
        >
          {t(busy ? 'starter.running' : 'starter.run')}
        </Button>
      </div>
    </article>
  );
}

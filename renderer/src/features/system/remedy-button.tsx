import { useConnection } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import type { EngineTrouble } from './engine-trouble.ts';
import { useStartAgent } from './queries.ts';

interface RemedyButtonProps {
  readonly trouble: EngineTrouble;
  /** Beside a sentence; else the one thing to do on the page. */
  readonly small?: boolean;
}

/** What a person can do about the trouble; nothing while the engine starts by itself. */
export function RemedyButton({ trouble, small = false }: RemedyButtonProps) {
  const t = useText();
  const connection = useConnection();
  const startAgent = useStartAgent();
  const variant = small ? 'default' : 'primary';
  switch (trouble.kind) {
    case 'starting':
      return null;
    case 'no-engine':
      return (
        <Button small={small} variant={variant} icon="restart" onClick={() => connection.retryNow()}>
          {t('engine.connect')}
        </Button>
      );
    case 'no-agent':
      return (
        <Button
          small={small}
          variant={variant}
          icon="play"
          disabled={startAgent.isPending}
          onClick={() => startAgent.mutate()}
        >
          {t(startAgent.isPending ? 'engine.startingAgent' : 'engine.startAgent')}
        </Button>
      );
  }
}

import { useState } from 'react';
import { useText } from '../../messages/use-text.ts';
import { Card } from '../../ui/card.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { WithDockerAccess } from './docker-tab.tsx';
import { type Shell, SHELLS, type Target, terminalLines, type Topic, TOPICS } from './terminal-lines.ts';
import './docker-tools.css';

/** How this engine is used from a terminal: lines to copy. */
export function TerminalTab() {
  const t = useText();
  const [shell, setShell] = useState<Shell>('posix');
  return (
    <WithDockerAccess>
      {({ socketPath, context }) => (
        <>
          <div className="toolbar">
            <Segmented
              label={t('terminalUse.shell')}
              value={shell}
              onChange={setShell}
              options={SHELLS.map((value) => ({ value, label: t(`terminalUse.shell.${value}`) }))}
            />
            <span className="text-3 text-small ellipsis">
              {t(context.leadsHere ? 'terminalUse.ready' : 'terminalUse.needsContext')}
            </span>
          </div>
          <div className="settings-cards docker-cards">
            {TOPICS.map((topic) => (
              <TopicCard
                key={topic}
                topic={topic}
                shell={shell}
                target={{ socketPath, context: context.name }}
              />
            ))}
          </div>
        </>
      )}
    </WithDockerAccess>
  );
}

interface TopicCardProps {
  readonly topic: Topic;
  readonly shell: Shell;
  readonly target: Target;
}

function TopicCard({ topic, shell, target }: TopicCardProps) {
  const t = useText();
  return (
    <Card title={t(`terminalUse.${topic}`)}>
      <p className="text-2 text-small">{t(`terminalUse.${topic}Text`)}</p>
      <ul className="copy-lines">
        {terminalLines(topic, shell, target).map((line) => (
          <li key={line}>
            <CopyLine text={line} label={t('terminalUse.copy')} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

import { useState } from 'react';
import { MASK, parseEnv } from '../../lib/secrets.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

/** What looks like a secret is masked until it is asked for. */
export function EnvCard({ env }: { readonly env: readonly string[] }) {
  const t = useText();
  const [revealed, setRevealed] = useState(false);
  const variables = env.map(parseEnv);
  const secrets = variables.some((variable) => variable.secret);
  const text = () =>
    variables.map(({ name, value, secret }) => `${name}=${secret && !revealed ? MASK : value}`).join('\n');
  return (
    <Card
      title={t('run.environment')}
      count={variables.length}
      end={
        <>
          {secrets && (
            <IconButton
              icon="eye"
              small
              pressed={revealed}
              label={t(revealed ? 'env.hide' : 'env.reveal')}
              onClick={() => setRevealed(!revealed)}
            />
          )}
          <CopyButton text={text} label={t('env.copy')} />
        </>
      }
    >
      <Facts>
        {variables.map(({ name, value, secret }, index) => (
          <Fact key={`${index} ${name}`} name={name} mono>
            {secret && !revealed ? MASK : value}
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}

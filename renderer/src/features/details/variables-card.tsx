import { useState } from 'react';
import { MASK, type Variable } from '../../lib/secrets.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

interface VariablesCardProps {
  readonly title: string;
  readonly variables: readonly Variable[];
}

/** Environment or labels. What looks like a secret is masked until it is asked for, also when it is copied. */
export function VariablesCard({ title, variables }: VariablesCardProps) {
  const t = useText();
  const [revealed, setRevealed] = useState(false);
  if (variables.length === 0) return null;
  const shown = ({ value, secret }: Variable) => (secret && !revealed ? MASK : value);
  const secrets = variables.some((variable) => variable.secret);
  return (
    <Card
      title={title}
      count={variables.length}
      end={
        <>
          {secrets && (
            <IconButton
              icon="eye"
              small
              pressed={revealed}
              label={t(revealed ? 'secrets.hide' : 'secrets.reveal')}
              onClick={() => setRevealed(!revealed)}
            />
          )}
          <CopyButton
            text={() => variables.map((variable) => `${variable.name}=${shown(variable)}`).join('\n')}
            label={t(secrets && !revealed ? 'secrets.copyMasked' : 'details.copyAll')}
          />
        </>
      }
    >
      <Facts longNames>
        {variables.map((variable, index) => (
          <Fact key={`${index} ${variable.name}`} name={variable.name} mono>
            {shown(variable)}
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}

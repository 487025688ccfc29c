import type { ContainerSpec } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { openOverlay } from '../overlays/overlay-store.ts';
import { settingGroups } from './setting-groups.ts';

interface SettingCardsProps {
  readonly id: string;
  readonly spec: ContainerSpec;
}

/** A card for each group of settings that are not as they are by default. */
export function SettingCards({ id, spec }: SettingCardsProps) {
  const t = useText();
  const format = useFormat();
  const groups = settingGroups(spec, { t, format });
  const change = (
    <Button small variant="quiet" icon="edit" onClick={() => openOverlay({ kind: 'update-container', id })}>
      {t('overview.change')}
    </Button>
  );
  return (
    <>
      {!groups.some(({ title }) => title === 'overview.limits') && (
        <Card title={t('overview.limits')} end={change}>
          <p className="text-3 text-small">{t('overview.noLimits')}</p>
        </Card>
      )}
      {groups.map(({ title, settings }) => (
        <Card key={title} title={t(title)} end={title === 'overview.limits' ? change : undefined}>
          <Facts>
            {settings.map(({ name, value, mono }, index) => (
              <Fact key={`${index} ${name}`} name={name} mono={mono === true}>
                {value}
              </Fact>
            ))}
          </Facts>
        </Card>
      ))}
    </>
  );
}

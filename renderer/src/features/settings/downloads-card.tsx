import { useId } from 'react';
import { useText } from '../../messages/use-text.ts';
import { Card } from '../../ui/card.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import type { FormProblem, RegistryForm } from './registry-form.ts';

interface DownloadsCardProps {
  readonly form: RegistryForm;
  readonly problems: readonly FormProblem[];
  readonly onEdit: (part: Partial<RegistryForm>) => void;
}

/** Of all pulls together. */
export function DownloadsCard({ form, problems, onEdit }: DownloadsCardProps) {
  const t = useText();
  const id = useId();
  return (
    <Card title={t('settings.downloads')}>
      <div className="settings-form">
        <FormRow label={t('settings.concurrency')} htmlFor={`${id}-concurrency`}>
          <TextField
            id={`${id}-concurrency`}
            fieldWidth="short"
            inputMode="numeric"
            value={form.concurrency}
            invalid={problems.includes('concurrency')}
            onChange={(event) => onEdit({ concurrency: event.target.value })}
          />
          {problems.includes('concurrency') && <Hint tone="bad">{t('settings.badConcurrency')}</Hint>}
        </FormRow>
        <FormRow label={t('settings.bandwidth')} htmlFor={`${id}-bandwidth`}>
          <TextField
            id={`${id}-bandwidth`}
            fieldWidth="short"
            inputMode="decimal"
            unit="MB/s"
            value={form.megabytesPerSecond}
            invalid={problems.includes('bandwidth')}
            onChange={(event) => onEdit({ megabytesPerSecond: event.target.value })}
          />
          {problems.includes('bandwidth') ? (
            <Hint tone="bad">{t('settings.badBandwidth')}</Hint>
          ) : (
            <Hint>{t('settings.bandwidthHint')}</Hint>
          )}
        </FormRow>
      </div>
    </Card>
  );
}

import { useId } from 'react';
import { useText } from '../../messages/use-text.ts';
import { Card } from '../../ui/card.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import type { RegistryForm } from './registry-form.ts';

interface ProxyCardProps {
  readonly form: RegistryForm;
  readonly onEdit: (part: Partial<RegistryForm>) => void;
}

export function ProxyCard({ form, onEdit }: ProxyCardProps) {
  const t = useText();
  const id = useId();
  const field = (name: 'http' | 'https' | 'noProxy', placeholder: string) => (
    <FormRow label={t(`settings.${name}`)} htmlFor={`${id}-${name}`}>
      <TextField
        id={`${id}-${name}`}
        value={form[name]}
        placeholder={placeholder}
        onChange={(event) => onEdit({ [name]: event.target.value })}
      />
    </FormRow>
  );
  return (
    <Card title={t('settings.proxy')}>
      <div className="settings-form">
        <Checkbox
          labelled
          label={t('settings.ownProxy')}
          checked={form.ownProxy}
          onChange={(ownProxy) => onEdit({ ownProxy })}
        />
        {form.ownProxy ? (
          <>
            {field('http', 'http://proxy.example.com:3128')}
            {field('https', 'http://proxy.example.com:3128')}
            {field('noProxy', '*.example.com,10.0.0.1')}
          </>
        ) : (
          <Hint>{t('settings.environmentProxy')}</Hint>
        )}
      </div>
    </Card>
  );
}

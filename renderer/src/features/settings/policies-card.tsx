import { useId } from 'react';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import type { PolicyForm } from './registry-form.ts';

interface PoliciesCardProps {
  readonly registries: readonly PolicyForm[];
  readonly onChange: (registries: readonly PolicyForm[]) => void;
}

const EMPTY: PolicyForm = { registry: '', mirrors: '', insecure: false };

/** Registries that are spoken to in a way of their own. */
export function PoliciesCard({ registries, onChange }: PoliciesCardProps) {
  const t = useText();
  return (
    <Card
      title={t('settings.policies')}
      end={
        <Button small icon="plus" onClick={() => onChange([...registries, EMPTY])}>
          {t('settings.addRegistry')}
        </Button>
      }
    >
      {registries.length === 0 && <p className="text-3 text-small">{t('settings.noPolicies')}</p>}
      <ul className="policies">
        {registries.map((policy, index) => (
          <Policy
            // They have no other name than the one that is being typed.
            key={index}
            policy={policy}
            onChange={(next) => onChange(registries.map((each, at) => (at === index ? next : each)))}
            onRemove={() => onChange(registries.filter((_each, at) => at !== index))}
          />
        ))}
      </ul>
    </Card>
  );
}

interface PolicyProps {
  readonly policy: PolicyForm;
  readonly onChange: (policy: PolicyForm) => void;
  readonly onRemove: () => void;
}

function Policy({ policy, onChange, onRemove }: PolicyProps) {
  const t = useText();
  const id = useId();
  const edit = (part: Partial<PolicyForm>) => onChange({ ...policy, ...part });
  return (
    <li className="settings-form">
      <FormRow label={t('pull.registry')} htmlFor={`${id}-registry`}>
        <div className="form-line">
          <TextField
            id={`${id}-registry`}
            value={policy.registry}
            placeholder="registry.example.com:5000"
            onChange={(event) => edit({ registry: event.target.value })}
          />
          <IconButton
            icon="trash"
            label={t('settings.removeRegistry', { registry: policy.registry })}
            onClick={onRemove}
          />
        </div>
      </FormRow>
      <FormRow label={t('settings.mirrors')} htmlFor={`${id}-mirrors`}>
        <textarea
          id={`${id}-mirrors`}
          className="settings-lines mono"
          rows={2}
          spellCheck={false}
          placeholder="mirror.example.com/hub"
          value={policy.mirrors}
          onChange={(event) => edit({ mirrors: event.target.value })}
        />
        <Hint>{t('settings.mirrorsHint')}</Hint>
      </FormRow>
      <FormRow label={t('settings.security')}>
        <Checkbox
          labelled
          label={t('settings.insecure')}
          checked={policy.insecure}
          onChange={(insecure) => edit({ insecure })}
        />
        {policy.insecure && <Hint tone="warn">{t('settings.insecureWarning')}</Hint>}
      </FormRow>
    </li>
  );
}

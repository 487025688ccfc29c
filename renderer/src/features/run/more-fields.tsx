import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import type { RunFieldsProps } from './field-props.ts';

const NETWORKS = ['bridge', 'none', 'host'] as const;

export function MoreFields({ form, problems, onChange }: RunFieldsProps) {
  const t = useText();
  return (
    <>
      <FormRow label={t('run.runAs')}>
        <div className="form-line">
          <TextField
            fieldWidth="medium"
            aria-label={t('run.user')}
            placeholder={t('run.user')}
            value={form.user}
            onChange={(event) => onChange({ user: event.target.value })}
          />
          <TextField
            mono
            aria-label={t('run.workingDir')}
            placeholder={t('run.workingDir')}
            invalid={problems.workingDir !== undefined}
            value={form.workingDir}
            onChange={(event) => onChange({ workingDir: event.target.value })}
          />
        </div>
        {problems.workingDir !== undefined && <Hint tone="bad">{t(problems.workingDir)}</Hint>}
      </FormRow>
      <FormRow label={t('run.limits')}>
        <div className="form-line">
          <TextField
            fieldWidth="medium"
            inputMode="decimal"
            unit="MiB"
            aria-label={t('run.memory')}
            placeholder={t('run.memory')}
            invalid={problems.memory !== undefined}
            value={form.memory}
            onChange={(event) => onChange({ memory: event.target.value })}
          />
          <TextField
            fieldWidth="medium"
            inputMode="decimal"
            unit={t('run.cpuUnit')}
            aria-label={t('run.cpus')}
            placeholder={t('run.cpus')}
            invalid={problems.cpus !== undefined}
            value={form.cpus}
            onChange={(event) => onChange({ cpus: event.target.value })}
          />
        </div>
        {problems.memory !== undefined && <Hint tone="bad">{t(problems.memory)}</Hint>}
        {problems.cpus !== undefined && <Hint tone="bad">{t(problems.cpus)}</Hint>}
      </FormRow>
      <FormRow label={t('run.network')}>
        <div className="form-line">
          <Segmented
            label={t('run.network')}
            value={form.network}
            onChange={(network) => onChange({ network })}
            options={NETWORKS.map((value) => ({ value, label: t(`network.${value}`) }))}
          />
        </div>
      </FormRow>
      <FormRow label={t('run.options')}>
        <div className="form-line run-options">
          <Checkbox
            labelled
            label={t('run.interactive')}
            checked={form.interactive}
            onChange={(interactive) => onChange({ interactive })}
          />
          <Checkbox
            labelled
            label={t('run.autoRemove')}
            checked={form.autoRemove}
            onChange={(autoRemove) => onChange({ autoRemove })}
          />
          <Checkbox
            labelled
            label={t('run.init')}
            checked={form.init}
            onChange={(init) => onChange({ init })}
          />
        </div>
      </FormRow>
    </>
  );
}

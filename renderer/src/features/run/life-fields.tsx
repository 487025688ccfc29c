import { useText } from '../../messages/use-text.ts';
import { FormRow } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import type { RunFieldsProps } from './field-props.ts';
import { FieldGrid, InputCell, InputRow } from './form-fields.tsx';
import { HEALTHS } from './run-form.ts';

export function LifeFields(fields: RunFieldsProps) {
  const t = useText();
  const { form, onChange } = fields;
  return (
    <>
      <FormRow label={t('run.health')}>
        <div className="form-line">
          <Segmented
            label={t('run.health')}
            value={form.health}
            onChange={(health) => onChange({ health })}
            options={HEALTHS.map((value) => ({ value, label: t(`run.health.${value}`) }))}
          />
        </div>
      </FormRow>
      {form.health === 'own' && <HealthFields {...fields} />}
      <FieldGrid label="overview.stopSignal">
        <InputCell
          fields={fields}
          field="stopSignal"
          label="run.stopSignal"
          placeholder="run.stopSignalExample"
          mono
        />
        <InputCell fields={fields} field="stopTimeout" label="run.stopTimeout" unit="run.seconds" numeric />
      </FieldGrid>
      <FieldGrid label="limits.log">
        <InputCell fields={fields} field="logSize" label="run.logSize" unit="run.mib" numeric />
        <InputCell fields={fields} field="logFiles" label="run.logFiles" numeric />
      </FieldGrid>
    </>
  );
}

function HealthFields(fields: RunFieldsProps) {
  return (
    <>
      <InputRow
        fields={fields}
        field="healthCommand"
        label="run.healthCommand"
        placeholder="run.healthCommandExample"
        mono
      />
      <FieldGrid label="run.healthTimes">
        <InputCell
          fields={fields}
          field="healthInterval"
          label="run.healthInterval"
          unit="run.seconds"
          numeric
        />
        <InputCell
          fields={fields}
          field="healthTimeout"
          label="run.healthTimeout"
          unit="run.seconds"
          numeric
        />
        <InputCell fields={fields} field="healthRetries" label="run.healthRetries" numeric />
        <InputCell
          fields={fields}
          field="healthStartPeriod"
          label="run.healthStartPeriod"
          unit="run.seconds"
          numeric
        />
        <InputCell
          fields={fields}
          field="healthStartInterval"
          label="run.healthStartInterval"
          unit="run.seconds"
          numeric
        />
      </FieldGrid>
    </>
  );
}

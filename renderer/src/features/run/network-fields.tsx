import { useText } from '../../messages/use-text.ts';
import { FormRow, TextField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import type { RunFieldsProps } from './field-props.ts';
import { FieldGrid, InputCell, Problem } from './form-fields.tsx';
import { NameValueRows } from './rows.tsx';
import { NETWORKS } from './run-form.ts';

export function NetworkFields(fields: RunFieldsProps) {
  const t = useText();
  const { form, problems, onChange } = fields;
  return (
    <>
      <FormRow label={t('run.network')}>
        <div className="form-line">
          <Segmented
            label={t('run.network')}
            value={form.network}
            onChange={(network) => onChange({ network })}
            options={NETWORKS.map((value) => ({ value, label: t(`run.network.${value}`) }))}
          />
          {form.network === 'container' && (
            <TextField
              aria-label={t('run.containerOf', { label: t('run.network') })}
              placeholder={t('run.containerName')}
              invalid={problems.networkContainer !== undefined}
              value={form.networkContainer}
              onChange={(event) => onChange({ networkContainer: event.target.value })}
            />
          )}
        </div>
        <Problem fields={fields} of="networkContainer" />
      </FormRow>
      <FieldGrid label="run.names">
        <InputCell fields={fields} field="hostname" label="overview.hostname" mono />
        <InputCell fields={fields} field="domainname" label="run.domainname" mono />
      </FieldGrid>
      <FieldGrid label="run.lookups">
        <InputCell fields={fields} field="dns" label="run.dns" placeholder="run.dnsPlaceholder" mono />
        <InputCell fields={fields} field="dnsSearch" label="run.dnsSearch" placeholder="run.several" mono />
        <InputCell fields={fields} field="dnsOptions" label="run.dnsOptions" placeholder="run.several" mono />
      </FieldGrid>
      <NameValueRows
        fields={fields}
        field="hosts"
        label="run.hosts"
        add="run.addHost"
        name="run.hostName"
        value="run.hostAddress"
        between="→"
      />
    </>
  );
}

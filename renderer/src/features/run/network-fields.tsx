import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FormRow, SelectField, TextField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { takesMembers } from '../networks/network-menu.ts';
import { useNetworks } from '../networks/queries.ts';
import type { RunFieldsProps } from './field-props.ts';
import { FieldGrid, InputCell, Problem } from './form-fields.tsx';
import { NameValueRows, RowCell, Rows } from './rows.tsx';
import { NETWORKS } from './run-form.ts';
import type { NetworkRow } from './run-rows.ts';

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
            onChange={(network) => onChange({ network, ...(network !== 'bridge' && { networks: [] }) })}
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
      {form.network === 'bridge' && <NetworkRows {...fields} />}
      <FormRow label={t('run.exposed')} htmlFor={`${fields.id}-exposed`}>
        <div className="form-line">
          <TextField
            id={`${fields.id}-exposed`}
            mono
            placeholder={t('run.exposedExample')}
            invalid={problems.exposed !== undefined}
            value={form.exposed}
            onChange={(event) => onChange({ exposed: event.target.value })}
          />
          <Checkbox
            labelled
            label={t('run.publishAll')}
            checked={form.publishAll}
            onChange={(publishAll) => onChange({ publishAll })}
          />
        </div>
        <Problem fields={fields} of="exposed" />
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

const EMPTY_NETWORK: NetworkRow = { network: '', aliases: '', address: '' };

/** None: the default one. */
function NetworkRows(fields: RunFieldsProps) {
  const t = useText();
  const networks = (useNetworks().data ?? []).filter(takesMembers);
  return (
    <Rows
      fields={fields}
      field="networks"
      label="networks.title"
      add="run.addNetwork"
      rows={fields.form.networks}
      empty={EMPTY_NETWORK}
      onRows={(rows) => fields.onChange({ networks: rows })}
    >
      {(row, change) => (
        <>
          <SelectField
            fieldWidth="name"
            aria-label={t('run.network')}
            value={row.network}
            onChange={(event) => change({ network: event.target.value })}
          >
            {row.network === '' && <option value="">{t('connect.choose')}</option>}
            {networks.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </SelectField>
          <RowCell label="network.aliases" value={row.aliases} onChange={(aliases) => change({ aliases })} />
          <RowCell label="run.address" value={row.address} onChange={(address) => change({ address })} />
        </>
      )}
    </Rows>
  );
}

import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { FormRow, Hint, SelectField, TextField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { checkReference } from '../../lib/check-reference.ts';
import { useImages } from '../images/queries.ts';
import { useVolumes } from '../volumes/queries.ts';
import type { RunFieldsProps } from './field-props.ts';
import { FieldGrid, InputCell, InputRow, Problem, Switches } from './form-fields.tsx';
import { EMPTY_MOUNT } from './mount-fields.tsx';
import { NameValueRows, RowCell, Rows } from './rows.tsx';
import { PortRows } from './port-fields.tsx';
import { RESTARTS } from './run-form.ts';
import { MOUNT_KINDS } from './run-rows.ts';

export function BasicFields(fields: RunFieldsProps) {
  const t = useText();
  return (
    <>
      <FormRow label={t('column.image')} htmlFor={`${fields.id}-image`}>
        <ImageField {...fields} />
      </FormRow>
      <InputRow
        fields={fields}
        field="name"
        label="column.name"
        placeholder="run.namePlaceholder"
        width="name"
      />
      <InputRow
        fields={fields}
        field="command"
        label="column.command"
        placeholder="run.commandPlaceholder"
        mono
      />
      <PortRows {...fields} />
      <MountRows {...fields} />
      <NameValueRows
        fields={fields}
        field="env"
        label="run.environment"
        add="run.addEnv"
        name="run.envName"
        value="run.envValue"
      />
      <FieldGrid label="run.limits">
        <InputCell fields={fields} field="memory" label="run.memory" unit="run.mib" numeric />
        <InputCell fields={fields} field="cpus" label="run.cpus" unit="run.cpuUnit" numeric />
      </FieldGrid>
      <RestartFields {...fields} />
      <Switches
        fields={fields}
        label="run.options"
        switches={[
          ['interactive', 'run.interactive'],
          ['autoRemove', 'run.autoRemove'],
        ]}
      />
    </>
  );
}

function ImageField({ id: formId, form, problems, onChange }: RunFieldsProps) {
  const t = useText();
  const format = useFormat();
  const images = useImages();
  const id = `${formId}-image`;
  const names = (images.data ?? []).flatMap((image) => image.references);
  const checked = checkReference(form.image);
  const wanted = checked.ok ? checked.reference : form.image;
  const here = (images.data ?? []).find(
    (image) => image.references.includes(wanted) || image.id.replace('sha256:', '').startsWith(form.image),
  );
  return (
    <>
      <TextField
        id={id}
        {...(form.image === '' && { 'data-autofocus': true })}
        value={form.image}
        list={`${id}-list`}
        invalid={problems.image !== undefined}
        placeholder={t('run.imagePlaceholder')}
        onChange={(event) => onChange({ image: event.target.value })}
      />
      <datalist id={`${id}-list`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {problems.image !== undefined ? (
        <Hint tone="bad">{t(problems.image)}</Hint>
      ) : form.image === '' || images.data === undefined ? null : here === undefined ? (
        <Hint>{t('run.imageNotHere')}</Hint>
      ) : (
        <Hint tone="ok">{t('run.imageHere', { size: format.bytes(here.sizeBytes) })}</Hint>
      )}
    </>
  );
}

function MountRows(fields: RunFieldsProps) {
  const t = useText();
  const volumes = useVolumes().data ?? [];
  const list = `${fields.id}-volumes`;
  return (
    <>
      <datalist id={list}>
        {volumes
          .filter(({ anonymous }) => !anonymous)
          .map(({ name }) => (
            <option key={name} value={name} />
          ))}
      </datalist>
      <Rows
        fields={fields}
        field="mounts"
        label="run.files"
        add="run.addMount"
        rows={fields.form.mounts}
        empty={EMPTY_MOUNT}
        onRows={(mounts) => fields.onChange({ mounts })}
      >
        {(row, change) => (
          <>
            <SelectField
              fieldWidth="short"
              aria-label={t('run.mountKind')}
              value={row.kind}
              onChange={(event) => {
                const kind = MOUNT_KINDS.find((each) => each === event.target.value);
                if (kind !== undefined) change({ kind, source: '' });
              }}
            >
              {MOUNT_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`run.mountKind.${kind}`)}
                </option>
              ))}
            </SelectField>
            <RowCell
              label={row.kind === 'volume' ? 'run.volumeSource' : 'run.mountSource'}
              {...(row.kind === 'volume' && { list })}
              value={row.source}
              onChange={(source) => change({ source })}
            />
            <span className="text-3">→</span>
            <RowCell label="run.mountTarget" value={row.target} onChange={(target) => change({ target })} />
            <SelectField
              fieldWidth="short"
              aria-label={t('run.mountAccess')}
              value={row.readOnly ? 'ro' : 'rw'}
              onChange={(event) => change({ readOnly: event.target.value === 'ro' })}
            >
              <option value="rw">{t('mount.readWrite')}</option>
              <option value="ro">{t('mount.readOnly')}</option>
            </SelectField>
          </>
        )}
      </Rows>
    </>
  );
}

export function RestartFields(fields: RunFieldsProps) {
  const t = useText();
  const { form, problems, onChange } = fields;
  return (
    <FormRow label={t('run.restart')}>
      <div className="form-line">
        <Segmented
          label={t('run.restart')}
          value={form.restart}
          onChange={(restart) => onChange({ restart })}
          options={RESTARTS.map((value) => ({ value, label: t(`restart.${value}`) }))}
        />
        {form.restart === 'on-failure' && (
          <TextField
            fieldWidth="medium"
            inputMode="numeric"
            aria-label={t('run.restartTimes')}
            placeholder={t('run.restartTimesPlaceholder')}
            invalid={problems.restartTimes !== undefined}
            value={form.restartTimes}
            onChange={(event) => onChange({ restartTimes: event.target.value })}
          />
        )}
      </div>
      <Problem fields={fields} of="restartTimes" />
    </FormRow>
  );
}

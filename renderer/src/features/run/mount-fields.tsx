import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FormRow, Hint, SelectField, TextField } from '../../ui/field.tsx';
import type { RunFieldsProps } from './field-props.ts';
import { FieldGrid, InputCell, InputRow, Switches } from './form-fields.tsx';
import { RowCell, Rows } from './rows.tsx';
import { type MountRow, PROPAGATIONS, type TmpfsRow } from './run-rows.ts';

export const EMPTY_MOUNT: MountRow = {
  kind: 'bind',
  source: '',
  target: '',
  readOnly: false,
  mustExist: false,
  propagation: 'rprivate',
  alone: false,
  noCopy: false,
  subpath: '',
};

const EMPTY_TMPFS: TmpfsRow = { target: '', size: '', mode: '', options: '' };

export function StorageFields(fields: RunFieldsProps) {
  return (
    <>
      <MountOptions {...fields} />
      <Rows
        fields={fields}
        field="tmpfs"
        label="run.tmpfs"
        add="run.addTmpfs"
        rows={fields.form.tmpfs}
        empty={EMPTY_TMPFS}
        onRows={(tmpfs) => fields.onChange({ tmpfs })}
      >
        {(row, change) => (
          <>
            <RowCell label="run.mountTarget" value={row.target} onChange={(target) => change({ target })} />
            <RowCell
              label="run.tmpfsSize"
              width="short"
              value={row.size}
              onChange={(size) => change({ size })}
            />
            <RowCell
              label="run.tmpfsMode"
              width="short"
              value={row.mode}
              onChange={(mode) => change({ mode })}
            />
            <RowCell
              label="run.tmpfsOptions"
              width="medium"
              value={row.options}
              onChange={(options) => change({ options })}
            />
          </>
        )}
      </Rows>
      <InputRow
        fields={fields}
        field="volumesFrom"
        label="run.volumesFrom"
        placeholder="run.volumesFromExample"
        mono
      />
      <FieldGrid label="run.sharedMemory">
        <InputCell fields={fields} field="shmSize" label="limits.shm" unit="run.mib" numeric />
      </FieldGrid>
      <Switches fields={fields} label="run.options" switches={[['readOnlyRootfs', 'run.readOnlyRootfs']]} />
    </>
  );
}

/** More about the folders of the first page. */
function MountOptions({ form, onChange }: RunFieldsProps) {
  const t = useText();
  const change = (index: number, part: Partial<MountRow>) =>
    onChange({ mounts: form.mounts.map((row, at) => (at === index ? { ...row, ...part } : row)) });
  return (
    <FormRow label={t('run.files')}>
      {form.mounts.length === 0 && <Hint>{t('run.mountsOnBasics')}</Hint>}
      {form.mounts.map((row, index) => (
        <div className="form-line run-mount" key={index}>
          <span className="mono ellipsis" title={row.target}>
            {row.target === '' ? '–' : row.target}
          </span>
          <span className="grow" />
          {row.kind === 'volume' ? (
            <VolumeOptions row={row} onChange={(part) => change(index, part)} />
          ) : (
            <>
              <Checkbox
                labelled
                label={t('run.mountMustExist')}
                checked={row.mustExist}
                onChange={(mustExist) => change(index, { mustExist })}
              />
              <Checkbox
                labelled
                label={t('run.mountAlone')}
                checked={row.alone}
                onChange={(alone) => change(index, { alone })}
              />
              <SelectField
                fieldWidth="short"
                aria-label={t('run.mountPropagation')}
                value={row.propagation}
                onChange={(event) => {
                  const propagation = PROPAGATIONS.find((each) => each === event.target.value);
                  if (propagation !== undefined) change(index, { propagation });
                }}
              >
                {PROPAGATIONS.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </SelectField>
            </>
          )}
        </div>
      ))}
    </FormRow>
  );
}

interface VolumeOptionsProps {
  readonly row: MountRow;
  readonly onChange: (part: Partial<MountRow>) => void;
}

function VolumeOptions({ row, onChange }: VolumeOptionsProps) {
  const t = useText();
  return (
    <>
      <Checkbox
        labelled
        label={t('run.noCopy')}
        checked={row.noCopy}
        onChange={(noCopy) => onChange({ noCopy })}
      />
      <TextField
        mono
        fieldWidth="name"
        aria-label={t('run.subpath')}
        placeholder={t('run.subpath')}
        value={row.subpath}
        onChange={(event) => onChange({ subpath: event.target.value })}
      />
    </>
  );
}

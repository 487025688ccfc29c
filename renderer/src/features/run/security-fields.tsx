import { useId } from 'react';
import { useText } from '../../messages/use-text.ts';
import { FormRow, Hint } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import type { RunFieldsProps } from './field-props.ts';
import { FieldGrid, InputCell, ModeCell, Problem, Switches } from './form-fields.tsx';
import { NameValueRows, RowCell, Rows } from './rows.tsx';
import { IPCS, PIDS, SECCOMPS } from './run-form.ts';
import type { DeviceRow } from './run-rows.ts';

const EMPTY_DEVICE: DeviceRow = { hostPath: '', containerPath: '', permissions: 'rwm' };

export function SecurityFields(fields: RunFieldsProps) {
  const t = useText();
  return (
    <>
      <Switches
        fields={fields}
        label="run.rights"
        switches={[
          ['noNewPrivileges', 'run.noNewPrivileges'],
          ['ownUsers', 'run.ownUsers'],
          ['privileged', 'run.privileged'],
          ['systemPathsOpen', 'run.systemPathsOpen'],
        ]}
      >
        {fields.form.privileged && <Hint tone="warn">{t('run.privilegedWarning')}</Hint>}
      </Switches>
      <FieldGrid label="run.capabilities">
        <InputCell
          fields={fields}
          field="capDrop"
          label="run.capDrop"
          placeholder="run.capDropExample"
          mono
        />
        <InputCell fields={fields} field="capAdd" label="run.capAdd" placeholder="run.capAddExample" mono />
        <InputCell fields={fields} field="apparmor" label="run.apparmor" mono />
      </FieldGrid>
      <SeccompFields {...fields} />
      <FieldGrid label="run.shared">
        <ModeCell
          fields={fields}
          label="run.pid"
          modes={PIDS}
          value={fields.form.pid}
          words={(mode) => `run.mode.${mode}`}
          onMode={(pid) => fields.onChange({ pid })}
          container="pidContainer"
        />
        <ModeCell
          fields={fields}
          label="run.ipc"
          modes={IPCS}
          value={fields.form.ipc}
          words={(mode) => `run.mode.${mode}`}
          onMode={(ipc) => fields.onChange({ ipc })}
          container="ipcContainer"
        />
        <InputCell fields={fields} field="cgroupParent" label="run.cgroupParent" mono />
      </FieldGrid>
      <Switches
        fields={fields}
        label="run.ofTheHost"
        switches={[
          ['hostUts', 'run.hostUts'],
          ['hostCgroup', 'run.hostCgroup'],
        ]}
      />
      <DeviceRows {...fields} />
      <NameValueRows
        fields={fields}
        field="sysctls"
        label="run.sysctls"
        add="run.addSysctl"
        name="run.sysctlName"
        value="run.envValue"
      />
    </>
  );
}

const MOST_PROFILE = 1024 * 1024;

function SeccompFields(fields: RunFieldsProps) {
  const t = useText();
  const id = useId();
  const { form, onChange } = fields;
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    const text = file.size > MOST_PROFILE ? '' : await file.text();
    onChange({ seccompProfile: { file: file.name, text } });
  };
  return (
    <FormRow label={t('limits.seccomp')}>
      <div className="form-line">
        <Segmented
          label={t('limits.seccomp')}
          value={form.seccomp}
          onChange={(seccomp) => onChange({ seccomp })}
          options={SECCOMPS.map((value) => ({ value, label: t(`run.seccomp.${value}`) }))}
        />
        {form.seccomp === 'profile' && (
          <input
            id={id}
            className="run-file text-small"
            type="file"
            accept=".json,application/json"
            aria-label={t('run.seccompFile')}
            onChange={(event) => void read(event.target.files?.[0])}
          />
        )}
      </div>
      {form.seccomp === 'profile' && form.seccompProfile !== undefined && (
        <span className="mono text-2">{form.seccompProfile.file}</span>
      )}
      <Problem fields={fields} of="seccompProfile" />
    </FormRow>
  );
}

function DeviceRows(fields: RunFieldsProps) {
  const { form, onChange } = fields;
  return (
    <>
      <Rows
        fields={fields}
        field="devices"
        label="run.devices"
        add="run.addDevice"
        rows={form.devices}
        empty={EMPTY_DEVICE}
        onRows={(devices) => onChange({ devices })}
      >
        {(row, change) => (
          <>
            <RowCell
              label="run.deviceHost"
              value={row.hostPath}
              onChange={(hostPath) => change({ hostPath })}
            />
            <span className="text-3">→</span>
            <RowCell
              label="run.deviceContainer"
              value={row.containerPath}
              onChange={(containerPath) => change({ containerPath })}
            />
            <RowCell
              label="run.devicePermissions"
              width="short"
              value={row.permissions}
              onChange={(permissions) => change({ permissions })}
            />
          </>
        )}
      </Rows>
      <Rows
        fields={fields}
        field="deviceRules"
        label="run.deviceRules"
        add="run.addDeviceRule"
        rows={form.deviceRules.map((rule) => ({ rule }))}
        empty={{ rule: '' }}
        onRows={(rows) => onChange({ deviceRules: rows.map(({ rule }) => rule) })}
      >
        {(row, change) => (
          <RowCell label="run.deviceRule" value={row.rule} onChange={(rule) => change({ rule })} />
        )}
      </Rows>
    </>
  );
}

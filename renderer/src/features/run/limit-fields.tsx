import { useText } from '../../messages/use-text.ts';
import { SelectField } from '../../ui/field.tsx';
import type { RunFieldsProps } from './field-props.ts';
import { FieldGrid, InputCell, Switches } from './form-fields.tsx';
import { RowCell, Rows } from './rows.tsx';
import { RATE_KINDS, type RateRow, type UlimitRow } from './run-rows.ts';

const EMPTY_RATE: RateRow = { kind: 'readBps', path: '', rate: '' };
const EMPTY_ULIMIT: UlimitRow = { name: '', soft: '', hard: '' };

/** Memory and processors as such are on the first page. */
export function LimitFields(fields: RunFieldsProps) {
  return (
    <>
      <FieldGrid label="run.memory">
        <InputCell fields={fields} field="memorySwap" label="run.memorySwap" unit="run.mib" numeric />
        <InputCell
          fields={fields}
          field="memoryReservation"
          label="limits.reservation"
          unit="run.mib"
          numeric
        />
        <InputCell fields={fields} field="swappiness" label="run.swappiness" unit="run.percent" numeric />
      </FieldGrid>
      <FieldGrid label="run.outOfMemory">
        <InputCell fields={fields} field="oomScoreAdj" label="run.oomScoreAdj" numeric />
      </FieldGrid>
      <Switches fields={fields} label="run.options" switches={[['oomKillDisable', 'run.oomKillDisable']]} />
      <FieldGrid label="run.cpus">
        <InputCell fields={fields} field="cpuShares" label="run.cpuShares" numeric />
        <InputCell fields={fields} field="cpuQuota" label="run.cpuQuota" unit="run.microseconds" numeric />
        <InputCell fields={fields} field="cpuPeriod" label="run.cpuPeriod" unit="run.microseconds" numeric />
        <InputCell
          fields={fields}
          field="cpusetCpus"
          label="limits.cpuset"
          placeholder="run.listExample"
          mono
        />
        <InputCell
          fields={fields}
          field="cpusetMems"
          label="run.cpusetMems"
          placeholder="run.listExample"
          mono
        />
        <InputCell fields={fields} field="pidsLimit" label="limits.pids" numeric />
      </FieldGrid>
      <FieldGrid label="run.disk">
        <InputCell fields={fields} field="ioWeight" label="run.ioWeight" numeric />
      </FieldGrid>
      <RateRows {...fields} />
      <Rows
        fields={fields}
        field="ulimits"
        label="run.ulimits"
        add="run.addUlimit"
        rows={fields.form.ulimits}
        empty={EMPTY_ULIMIT}
        onRows={(ulimits) => fields.onChange({ ulimits })}
      >
        {(row, change) => (
          <>
            <RowCell label="run.ulimitName" value={row.name} onChange={(name) => change({ name })} />
            <RowCell
              label="run.ulimitSoft"
              width="medium"
              value={row.soft}
              onChange={(soft) => change({ soft })}
            />
            <RowCell
              label="run.ulimitHard"
              width="medium"
              value={row.hard}
              onChange={(hard) => change({ hard })}
            />
          </>
        )}
      </Rows>
    </>
  );
}

function RateRows(fields: RunFieldsProps) {
  const t = useText();
  return (
    <Rows
      fields={fields}
      field="rates"
      label="run.rates"
      add="run.addRate"
      rows={fields.form.rates}
      empty={EMPTY_RATE}
      onRows={(rates) => fields.onChange({ rates })}
    >
      {(row, change) => (
        <>
          <RowCell label="run.ratePath" value={row.path} onChange={(path) => change({ path })} />
          <RowCell label="run.rate" width="short" value={row.rate} onChange={(rate) => change({ rate })} />
          <SelectField
            aria-label={t('run.rateKind')}
            value={row.kind}
            onChange={(event) => {
              const kind = RATE_KINDS.find((each) => each === event.target.value);
              if (kind !== undefined) change({ kind });
            }}
          >
            {RATE_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`rate.${kind}`)}
              </option>
            ))}
          </SelectField>
        </>
      )}
    </Rows>
  );
}

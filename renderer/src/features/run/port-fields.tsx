import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Hint, SelectField } from '../../ui/field.tsx';
import { useContainers } from '../containers/queries.ts';
import type { RunFieldsProps } from './field-props.ts';
import { conflictOf, withHostPort } from './port-rows.ts';
import { RowCell, Rows } from './rows.tsx';
import { type PortRow, PROTOCOLS } from './run-rows.ts';

const EMPTY_PORT: PortRow = { host: '', container: '', protocol: 'tcp' };

/** Ports of the machine that lead to it, and who has one already. */
export function PortRows(fields: RunFieldsProps) {
  const t = useText();
  const { form, onChange } = fields;
  return (
    <Rows
      fields={fields}
      field="ports"
      label="column.ports"
      add="run.addPort"
      rows={form.ports}
      empty={EMPTY_PORT}
      onRows={(ports) => onChange({ ports })}
      after={(row, change) => <Conflict row={row} onFree={(port) => change(withHostPort(row, port))} />}
    >
      {(row, change) => (
        <>
          <RowCell label="run.hostPort" width="name" value={row.host} onChange={(host) => change({ host })} />
          <span className="text-3">→</span>
          <RowCell
            label="run.containerPort"
            width="name"
            value={row.container}
            onChange={(container) => change({ container })}
          />
          <SelectField
            fieldWidth="short"
            aria-label={t('run.protocol')}
            value={row.protocol}
            onChange={(event) => {
              const protocol = PROTOCOLS.find((each) => each === event.target.value);
              if (protocol !== undefined) change({ protocol });
            }}
          >
            {PROTOCOLS.map((protocol) => (
              <option key={protocol} value={protocol}>
                {protocol}
              </option>
            ))}
          </SelectField>
        </>
      )}
    </Rows>
  );
}

interface ConflictProps {
  readonly row: PortRow;
  readonly onFree: (port: number) => void;
}

function Conflict({ row, onFree }: ConflictProps) {
  const t = useText();
  const conflict = conflictOf(row, useContainers().data ?? []);
  if (conflict === undefined) return null;
  const { port, container, free } = conflict;
  return (
    <div className="form-line">
      <Hint tone="bad">
        {free === undefined
          ? t('run.portTaken', { port: String(port), container })
          : t('run.portTakenFree', { port: String(port), container, free: String(free) })}
      </Hint>
      <span className="grow" />
      {free !== undefined && (
        <Button small onClick={() => onFree(free)}>
          {t('run.usePort', { port: String(free) })}
        </Button>
      )}
    </div>
  );
}

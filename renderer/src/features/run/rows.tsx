import { Fragment, type ReactNode } from 'react';
import { type MessageId, useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { type FieldWidth, FormRow, TextField } from '../../ui/field.tsx';
import { looksSecret } from '../../lib/secrets.ts';
import type { FieldsOf, RunFieldsProps } from './field-props.ts';
import { Problem } from './form-fields.tsx';
import type { RunField } from './run-form.ts';
import type { NameValueRow } from './run-rows.ts';

interface RowsProps<Row> {
  readonly fields: RunFieldsProps;
  /** What is wrong with the rows is told under this field's name. */
  readonly field: RunField;
  readonly label: MessageId;
  readonly add: MessageId;
  readonly rows: readonly Row[];
  readonly empty: Row;
  readonly onRows: (rows: readonly Row[]) => void;
  /** Below a row: what is to be said of it alone. */
  readonly after?: (row: Row, change: (part: Partial<Row>) => void) => ReactNode;
  readonly children: (row: Row, change: (part: Partial<Row>) => void) => ReactNode;
}

/** Any number of things of one kind. */
export function Rows<Row extends object>(props: RowsProps<Row>) {
  const { fields, field, label, add, rows, empty, onRows, after, children } = props;
  const t = useText();
  const change = (index: number) => (part: Partial<Row>) =>
    onRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <FormRow label={t(label)}>
      {rows.map((row, index) => (
        <Fragment key={index}>
          <div className="form-line">
            {children(row, change(index))}
            <IconButton
              icon="close"
              label={t('run.removeRow')}
              onClick={() => onRows(rows.filter((_, at) => at !== index))}
            />
          </div>
          {after?.(row, change(index))}
        </Fragment>
      ))}
      <div className="form-line">
        <Button variant="quiet" icon="plus" onClick={() => onRows([...rows, empty])}>
          {t(add)}
        </Button>
      </div>
      <Problem fields={fields} of={field} />
    </FormRow>
  );
}

interface CellProps {
  readonly label: MessageId;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly width?: FieldWidth;
  /** Names to choose from. */
  readonly list?: string;
  readonly secret?: boolean;
}

/** A field of a row, named by what stands in it while it is empty. */
export function RowCell({ label, value, onChange, width = 'full', list, secret = false }: CellProps) {
  const t = useText();
  return (
    <TextField
      mono
      fieldWidth={width}
      aria-label={t(label)}
      {...(list !== undefined && { list })}
      placeholder={t(label)}
      type={secret ? 'password' : 'text'}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface NameValueRowsProps {
  readonly fields: RunFieldsProps;
  readonly field: FieldsOf<readonly NameValueRow[]>;
  readonly label: MessageId;
  readonly add: MessageId;
  readonly name: MessageId;
  readonly value: MessageId;
  readonly between?: string;
}

const EMPTY: NameValueRow = { name: '', value: '' };

/** Variables, labels and the like; the value of what looks like a secret is not shown. */
export function NameValueRows(props: NameValueRowsProps) {
  const { fields, field, label, add, name, value, between = '=' } = props;
  return (
    <Rows
      fields={fields}
      field={field}
      label={label}
      add={add}
      rows={fields.form[field]}
      empty={EMPTY}
      onRows={(rows) => fields.onChange({ [field]: rows })}
    >
      {(row, change) => (
        <>
          <RowCell label={name} width="medium" value={row.name} onChange={(text) => change({ name: text })} />
          <span className="text-3">{between}</span>
          <RowCell
            label={value}
            value={row.value}
            secret={looksSecret(row.name)}
            onChange={(text) => change({ value: text })}
          />
        </>
      )}
    </Rows>
  );
}

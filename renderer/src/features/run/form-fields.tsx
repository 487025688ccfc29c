import { type ReactNode, useId } from 'react';
import { type MessageId, useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { type FieldWidth, FormRow, Hint, SelectField, TextField } from '../../ui/field.tsx';
import type { FieldsOf, RunFieldsProps } from './field-props.ts';
import type { RunField } from './run-form.ts';

interface InputProps {
  readonly fields: RunFieldsProps;
  readonly field: FieldsOf<string>;
  readonly label: MessageId;
  readonly placeholder?: MessageId;
  readonly unit?: MessageId;
  readonly mono?: boolean;
  readonly numeric?: boolean;
  readonly width?: FieldWidth;
  /** Has the focus when the dialog opens. */
  readonly focused?: boolean;
}

/** A row of its own: label, field, and below it what is wrong. */
export function InputRow(props: InputProps) {
  const t = useText();
  const id = `${props.fields.id}-${props.field}`;
  return (
    <FormRow label={t(props.label)} htmlFor={id}>
      <Input {...props} id={id} />
      <Problem fields={props.fields} of={props.field} />
    </FormRow>
  );
}

/** One of several beside each other, with its label above it. Children of a `FieldGrid`. */
export function InputCell(props: InputProps) {
  const t = useText();
  const id = `${props.fields.id}-${props.field}`;
  return (
    <div className="field-cell">
      <label className="text-small text-3" htmlFor={id}>
        {t(props.label)}
      </label>
      <Input {...props} id={id} />
      <Problem fields={props.fields} of={props.field} />
    </div>
  );
}

function Input(props: InputProps & { readonly id: string }) {
  const {
    fields,
    field,
    placeholder,
    unit,
    mono = false,
    numeric = false,
    focused = false,
    width,
    id,
  } = props;
  const t = useText();
  return (
    <TextField
      id={id}
      mono={mono}
      {...(focused && { 'data-autofocus': true })}
      {...(width !== undefined && { fieldWidth: width })}
      {...(numeric && { inputMode: 'decimal' as const })}
      {...(unit !== undefined && { unit: t(unit) })}
      {...(placeholder !== undefined && { placeholder: t(placeholder) })}
      invalid={fields.problems[field] !== undefined}
      value={fields.form[field]}
      onChange={(event) => fields.onChange({ [field]: event.target.value })}
    />
  );
}

export function Problem({ fields, of }: { readonly fields: RunFieldsProps; readonly of: RunField }) {
  const t = useText();
  const problem = fields.problems[of];
  return problem === undefined ? null : <Hint tone="bad">{t(problem)}</Hint>;
}

interface GroupProps {
  readonly label: MessageId;
  readonly children: ReactNode;
}

export function FieldGrid({ label, children }: GroupProps) {
  const t = useText();
  return (
    <FormRow label={t(label)}>
      <div className="field-grid">{children}</div>
    </FormRow>
  );
}

interface SwitchesProps {
  readonly fields: RunFieldsProps;
  readonly label: MessageId;
  readonly switches: readonly (readonly [field: FieldsOf<boolean>, label: MessageId])[];
  /** Below them. */
  readonly children?: ReactNode;
}

/** Yes or no, several in a row. */
export function Switches({ fields, label, switches, children }: SwitchesProps) {
  const t = useText();
  return (
    <FormRow label={t(label)}>
      <div className="form-line run-options">
        {switches.map(([field, name]) => (
          <Checkbox
            key={field}
            labelled
            label={t(name)}
            checked={fields.form[field]}
            onChange={(checked) => fields.onChange({ [field]: checked })}
          />
        ))}
      </div>
      {children}
    </FormRow>
  );
}

interface ModeCellProps<Mode extends string> {
  readonly fields: RunFieldsProps;
  readonly label: MessageId;
  readonly modes: readonly Mode[];
  readonly value: Mode;
  readonly words: (mode: Mode) => MessageId;
  readonly onMode: (mode: Mode) => void;
  /** Takes the other container's name, where that is the mode. */
  readonly container: FieldsOf<string>;
}

/** Whose namespace it has: one of a few, or another container's. */
export function ModeCell<Mode extends string>(props: ModeCellProps<Mode>) {
  const { fields, label, modes, value, words, onMode, container } = props;
  const t = useText();
  const id = useId();
  return (
    <div className="field-cell">
      <label className="text-small text-3" htmlFor={id}>
        {t(label)}
      </label>
      <SelectField
        id={id}
        fieldWidth="full"
        value={value}
        onChange={(event) => {
          const chosen = modes.find((mode) => mode === event.target.value);
          if (chosen !== undefined) onMode(chosen);
        }}
      >
        {modes.map((mode) => (
          <option key={mode} value={mode}>
            {t(words(mode))}
          </option>
        ))}
      </SelectField>
      {value === 'container' && (
        <>
          <TextField
            aria-label={t('run.containerOf', { label: t(label) })}
            placeholder={t('run.containerName')}
            invalid={fields.problems[container] !== undefined}
            value={fields.form[container]}
            onChange={(event) => fields.onChange({ [container]: event.target.value })}
          />
          <Problem fields={fields} of={container} />
        </>
      )}
    </div>
  );
}

import { type MessageId, useText } from '../../messages/use-text.ts';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import type {
  NetworkField,
  NetworkForm,
  NetworkProblem,
  NetworkProblems,
  SubnetFields,
} from './network-form.ts';

export interface NetworkFieldsProps {
  readonly id: string;
  readonly form: NetworkForm;
  readonly problems: NetworkProblems;
  readonly onChange: (part: Partial<NetworkForm>) => void;
}

export function NetworkHint({ problem }: { readonly problem: NetworkProblem | undefined }) {
  const t = useText();
  return problem === undefined ? null : <Hint tone="bad">{t(problem.id, problem.values)}</Hint>;
}

interface NetworkInputProps {
  readonly fields: NetworkFieldsProps;
  readonly field: NetworkField;
  readonly label: MessageId;
  readonly placeholder?: MessageId;
  readonly value: string;
  readonly mono?: boolean;
  readonly focused?: boolean;
  readonly onValue: (value: string) => void;
}

/** A row of its own, with what is wrong below it. */
export function NetworkInput(props: NetworkInputProps) {
  const { fields, field, label, placeholder, value, mono = false, focused = false, onValue } = props;
  const t = useText();
  const id = `${fields.id}-${field}`;
  const problem = fields.problems[field];
  return (
    <FormRow label={t(label)} htmlFor={id}>
      <TextField
        id={id}
        fieldWidth="name"
        mono={mono}
        {...(focused && { 'data-autofocus': true })}
        {...(placeholder !== undefined && { placeholder: t(placeholder) })}
        value={value}
        invalid={problem !== undefined}
        onChange={(event) => onValue(event.target.value)}
      />
      <NetworkHint problem={problem} />
    </FormRow>
  );
}

interface SubnetRowProps {
  readonly fields: NetworkFieldsProps;
  readonly family: 'v4' | 'v6';
  readonly value: SubnetFields;
  readonly onValue: (value: SubnetFields) => void;
}

const CELLS = ['subnet', 'gateway', 'range'] as const;
const LABELS = { subnet: 'column.subnet', gateway: 'overview.gateway', range: 'networks.range' } as const;

/** Subnet, gateway and range of one family beside each other. */
export function SubnetRow({ fields, family, value, onValue }: SubnetRowProps) {
  const t = useText();
  const wrong = CELLS.map((cell) => fields.problems[`${family}.${cell}`]).find(Boolean);
  return (
    <FormRow label={t(`networks.${family}`)}>
      <div className="field-grid">
        {CELLS.map((cell) => {
          const id = `${fields.id}-${family}-${cell}`;
          return (
            <div className="field-cell" key={cell}>
              <label className="text-small text-3" htmlFor={id}>
                {t(LABELS[cell])}
              </label>
              <TextField
                id={id}
                mono
                placeholder={cell === 'subnet' ? t('networks.chosen') : ''}
                value={value[cell]}
                invalid={fields.problems[`${family}.${cell}`] !== undefined}
                onChange={(event) => onValue({ ...value, [cell]: event.target.value })}
              />
            </div>
          );
        })}
      </div>
      <NetworkHint problem={wrong} />
    </FormRow>
  );
}

import type { InputHTMLAttributes, ReactNode, Ref, SelectHTMLAttributes } from 'react';
import { Icon, StateShape } from './icon.tsx';
import './field.css';

export type FieldWidth = 'full' | 'name' | 'short' | 'medium';

interface TextFieldProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'className' | 'style' | 'width'
> {
  readonly mono?: boolean;
  readonly invalid?: boolean;
  readonly fieldWidth?: FieldWidth;
  /** What the number counts: `MiB`. */
  readonly unit?: string;
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextField({
  mono = false,
  invalid = false,
  fieldWidth = 'full',
  unit,
  ...rest
}: TextFieldProps) {
  const classes = ['field', `field-${fieldWidth}`, mono ? 'mono' : '', invalid ? 'field-invalid' : ''];
  return (
    <span className={classes.filter(Boolean).join(' ')}>
      <input type="text" spellCheck={false} autoComplete="off" aria-invalid={invalid} {...rest} />
      {unit !== undefined && <span className="text-3">{unit}</span>}
    </span>
  );
}

interface SelectFieldProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className' | 'style'> {
  readonly fieldWidth?: FieldWidth;
}

export function SelectField({ fieldWidth = 'medium', children, ...rest }: SelectFieldProps) {
  return (
    <span className={`field field-select field-${fieldWidth}`}>
      <select {...rest}>{children}</select>
      <Icon name="chevron-down" small />
    </span>
  );
}

interface SearchFieldProps {
  readonly value: string;
  readonly label: string;
  readonly shortcut?: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown?: (event: React.KeyboardEvent<HTMLInputElement>) => void;
  /** After the text: a count, buttons. */
  readonly after?: ReactNode;
  readonly wide?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

export function SearchField(props: SearchFieldProps) {
  const { value, label, shortcut, onChange, onKeyDown, after, wide = false, ref } = props;
  return (
    <span className={wide ? 'field field-search field-search-wide' : 'field field-search'}>
      <Icon name="search" />
      <input
        ref={ref}
        type="text"
        role="searchbox"
        spellCheck={false}
        autoComplete="off"
        placeholder={label}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {after}
      {shortcut !== undefined && value === '' && <Kbd>{shortcut}</Kbd>}
    </span>
  );
}

export function Kbd({ children }: { readonly children: ReactNode }) {
  return <kbd className="kbd">{children}</kbd>;
}

interface FormRowProps {
  readonly label: string;
  /** The control's id; left out for a group of controls, which is then labelled as a group. */
  readonly htmlFor?: string;
  readonly children: ReactNode;
}

export function FormRow({ label, htmlFor, children }: FormRowProps) {
  if (htmlFor === undefined) {
    return (
      <div className="form-row" role="group" aria-label={label}>
        <span className="form-label">{label}</span>
        <div className="form-controls">{children}</div>
      </div>
    );
  }
  return (
    <div className="form-row">
      <label className="form-label" htmlFor={htmlFor}>
        {label}
      </label>
      <div className="form-controls">{children}</div>
    </div>
  );
}

const HINT_SHAPES = { ok: 'done', warn: 'warning', bad: 'failed' } as const;

interface HintProps {
  readonly tone?: 'ok' | 'warn' | 'bad' | 'idle';
  readonly id?: string;
  readonly children: ReactNode;
}

export function Hint({ tone = 'idle', id, children }: HintProps) {
  return (
    <div
      className={tone === 'bad' ? 'hint hint-bad' : 'hint'}
      id={id}
      role={tone === 'bad' ? 'alert' : undefined}
    >
      {tone !== 'idle' && <StateShape shape={HINT_SHAPES[tone]} tone={tone} />}
      <span>{children}</span>
    </div>
  );
}

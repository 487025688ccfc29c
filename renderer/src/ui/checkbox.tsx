import { Checkbox as Radix } from 'radix-ui';
import './checkbox.css';

interface CheckboxProps {
  readonly checked: boolean | 'mixed';
  readonly label: string;
  /** Show the label beside the box, not only say it. */
  readonly labelled?: boolean;
  readonly disabled?: boolean;
  readonly tabIndex?: number;
  readonly onChange: (checked: boolean) => void;
  readonly onClick?: (event: React.MouseEvent) => void;
}

export function Checkbox({
  checked,
  label,
  labelled = false,
  disabled,
  tabIndex,
  onChange,
  onClick,
}: CheckboxProps) {
  const box = (
    <Radix.Root
      className="checkbox"
      checked={checked === 'mixed' ? 'indeterminate' : checked}
      aria-label={labelled ? undefined : label}
      disabled={disabled}
      tabIndex={tabIndex}
      onCheckedChange={(next) => onChange(next === true)}
      onClick={onClick}
    >
      <Radix.Indicator asChild>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={checked === 'mixed' ? 'M3.5 8h9' : 'M3 8.5 6.5 12 13 4.5'} />
        </svg>
      </Radix.Indicator>
    </Radix.Root>
  );
  if (!labelled) return box;
  return (
    <label className="checkbox-label">
      {box}
      {label}
    </label>
  );
}

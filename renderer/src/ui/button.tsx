import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';
import './button.css';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'style'> {
  readonly variant?: 'default' | 'primary' | 'quiet' | 'danger';
  readonly small?: boolean;
  readonly icon?: IconName;
  /** On or off, said to assistive technology as well. */
  readonly pressed?: boolean;
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = 'default',
  small = false,
  icon,
  pressed,
  children,
  ...rest
}: ButtonProps) {
  const classes = [
    'button',
    `button-${variant}`,
    small ? 'button-small' : '',
    pressed === true ? 'button-on' : '',
  ];
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} aria-pressed={pressed} {...rest}>
      {icon !== undefined && <Icon name={icon} small={small} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'style'> {
  readonly icon: IconName;
  /** The control's name, and its tooltip. */
  readonly label: string;
  readonly small?: boolean;
  readonly pressed?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, small = false, pressed, ...rest }: IconButtonProps) {
  const classes = ['icon-button', small ? 'icon-button-small' : '', pressed === true ? 'icon-button-on' : ''];
  return (
    <Tooltip text={label}>
      <button
        type="button"
        className={classes.filter(Boolean).join(' ')}
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
      >
        <Icon name={icon} small={small} />
      </button>
    </Tooltip>
  );
}

import { ICONS, type IconName } from './icon-paths.tsx';
import { SHAPES, type ShapeName } from './shape-paths.tsx';
import './icon.css';

export type { IconName, ShapeName };

/** What a state means to the eye. `idle` is the absence of news. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

interface IconProps {
  readonly name: IconName;
  readonly small?: boolean;
}

/** Decoration beside words, or inside a control that has its own label. */
export function Icon({ name, small = false }: IconProps) {
  return (
    <svg className={small ? 'icon icon-small' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
      {ICONS[name]}
    </svg>
  );
}

interface StateShapeProps {
  readonly shape: ShapeName;
  readonly tone: Tone;
}

export function StateShape({ shape, tone }: StateShapeProps) {
  return (
    <svg className={`shape shape-${shape} tone-${tone}`} viewBox="0 0 14 14" aria-hidden="true">
      {SHAPES[shape]}
    </svg>
  );
}

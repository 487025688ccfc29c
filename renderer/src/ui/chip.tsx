import type { ReactNode } from 'react';
import { type ShapeName, StateShape, type Tone } from './icon.tsx';
import './chip.css';

interface ChipProps {
  readonly tone: Tone;
  readonly shape: ShapeName;
  readonly children: ReactNode;
}

/** A state in words, with its shape and colour. */
export function Chip({ tone, shape, children }: ChipProps) {
  return (
    <span className={`chip chip-${tone}`}>
      <StateShape shape={shape} tone={tone} />
      {children}
    </span>
  );
}

import './meter.css';

interface MeterProps {
  /** 0 to 1. */
  readonly fraction: number;
  readonly label: string;
  readonly tone?: 'meter' | 'info' | 'warn';
  readonly size?: 'tiny' | 'inline' | 'thick';
  readonly progress?: boolean;
}

/** A bar; drawn in SVG because its length is data and the policy allows no style attributes. */
export function Meter({ fraction, label, tone = 'meter', size = 'inline', progress = false }: MeterProps) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 1000) / 10;
  return (
    <svg
      className={`meter meter-${size} meter-${tone}`}
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      role={progress ? 'progressbar' : 'meter'}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <rect width={percent} height="1" />
    </svg>
  );
}

import './skeleton.css';

interface SkeletonRowsProps {
  readonly label: string;
  /** Shown beneath the rows, when waiting has become worth a word. */
  readonly note?: string;
}

const ROWS = ['62', '48', '70', '54', '66', '44', '58', '50'] as const;

/** Keeps the rows' places while their content is on its way. */
export function SkeletonRows({ label, note }: SkeletonRowsProps) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {ROWS.map((width) => (
        <svg key={width} className="skeleton-row" aria-hidden="true">
          <rect x="46" y="13" width={`${Number(width) / 5}%`} height="10" rx="3" />
          <rect x="36%" y="13" width={`${Number(width) / 7}%`} height="10" rx="3" />
          <rect x="56%" y="13" width={`${Number(width) / 6}%`} height="10" rx="3" />
          <rect x="80%" y="13" width="8%" height="10" rx="3" />
        </svg>
      ))}
      {note !== undefined && <p className="skeleton-note">{note}</p>}
    </div>
  );
}

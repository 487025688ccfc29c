export function BrandMark() {
  return (
    <svg className="brand-mark" viewBox="0 0 16 16" aria-hidden="true">
      <rect className="brand-accent" x="4.5" y="2" width="7" height="3.6" rx=".8" />
      <rect className="brand-box" x="1" y="6.4" width="6.6" height="3.6" rx=".8" />
      <rect className="brand-box" x="8.4" y="6.4" width="6.6" height="3.6" rx=".8" />
      <path className="brand-quay" d="M1.5 12.4h13" />
    </svg>
  );
}

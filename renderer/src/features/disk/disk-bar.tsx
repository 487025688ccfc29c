import type { DiskUsage } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { sharesOf } from './disk-kinds.ts';

/** Too thin to be seen below this; the legend tells of all. */
const THINNEST = 0.002;

export function DiskBar({ usage }: { readonly usage: DiskUsage }) {
  const t = useText();
  const format = useFormat();
  const shares = sharesOf(usage);
  const words = shares.map(({ kind, bytes }) => `${t(`disk.kind.${kind}`)} ${format.bytes(bytes)}`);
  return (
    <figure className="disk-figure">
      <svg
        className="disk-bar"
        viewBox="0 0 1000 1"
        preserveAspectRatio="none"
        role="img"
        aria-label={words.join(', ')}
      >
        {shares.map(({ kind, start, fraction }) => (
          <rect
            key={kind}
            className={`disk-${kind}`}
            x={start * 1000}
            width={fraction < THINNEST ? fraction * 1000 : fraction * 1000 - 1}
            height="1"
          />
        ))}
      </svg>
      <figcaption className="disk-legend text-small">
        {shares.map(({ kind, bytes }) => (
          <span key={kind} className="row">
            <DiskSwatch kind={kind} />
            {t(`disk.kind.${kind}`)} <span className="text-3">{format.bytes(bytes)}</span>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

export function DiskSwatch({ kind }: { readonly kind: string }) {
  return (
    <svg className="disk-swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect className={`disk-${kind}`} width="10" height="10" rx="2" />
    </svg>
  );
}

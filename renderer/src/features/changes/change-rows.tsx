import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { FileChange } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

const ROW_HEIGHT = 28;

/** The letters that every such list uses. */
const MARKS = { added: 'A', modified: 'M', deleted: 'D' } as const;

/** There may be hundreds of thousands, of which only those in sight exist. Arrows and pages scroll, as in any region. */
export function ChangeRows({ changes }: { readonly changes: readonly FileChange[] }) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  // The rows are drawn by the virtualizer's own state, which the compiler's rules cannot see through.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: changes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
    initialRect: { width: 1200, height: 800 },
  });
  return (
    <div ref={scroller} className="details-scroll" tabIndex={0} role="region" aria-label={t('changes.label')}>
      <ul className="changes" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const change = changes[index];
          return change === undefined ? null : <Row key={change.path} change={change} top={start} />;
        })}
      </ul>
    </div>
  );
}

function Row({ change, top }: { readonly change: FileChange; readonly top: number }) {
  const t = useText();
  const { kind, path } = change;
  return (
    <li className="change" style={{ transform: `translateY(${top}px)` }}>
      <span className={`change-mark change-${kind} mono`} aria-hidden="true">
        {MARKS[kind]}
      </span>
      <span className="change-kind text-3 text-small">{t(`changes.${kind}`)}</span>
      <span className="mono ellipsis" title={path}>
        {path}
      </span>
      <CopyButton text={path} label={t('changes.copyPath')} />
    </li>
  );
}

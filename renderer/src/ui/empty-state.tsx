import type { ReactNode } from 'react';
import './empty-state.css';

interface EmptyStateProps {
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
  readonly wide?: boolean;
}

/** What a page says when it has nothing to show; its children say what to do about it. */
export function EmptyState({ title, text, children, wide = false }: EmptyStateProps) {
  return (
    <div className="empty" role="status">
      <div className={wide ? 'empty-box empty-wide' : 'empty-box'}>
        <h1 className="empty-title">{title}</h1>
        {text !== undefined && <p className="empty-text">{text}</p>}
        {children}
      </div>
    </div>
  );
}

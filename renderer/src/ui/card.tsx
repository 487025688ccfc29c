import type { ReactNode } from 'react';
import './card.css';

interface CardProps {
  readonly title: string;
  readonly count?: number;
  readonly end?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, count, end, children }: CardProps) {
  return (
    <section className="card" aria-label={title}>
      <header className="card-header">
        <h2>{title}</h2>
        {count !== undefined && <span className="text-3 text-small">{count}</span>}
        <span className="grow" />
        {end}
      </header>
      {children}
    </section>
  );
}

/** Names and values; its children are `Fact`s. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly mono?: boolean;
  readonly children: ReactNode;
}

export function Fact({ name, mono = false, children }: FactProps) {
  return (
    <div className="fact">
      <dt title={name}>{name}</dt>
      <dd className={mono ? 'mono' : undefined}>{children}</dd>
    </div>
  );
}

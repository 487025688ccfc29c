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

interface FactsProps {
  /** The names are a person's own, of any length, and shown whole. */
  readonly longNames?: boolean;
  readonly children: ReactNode;
}

/** Names and values; its children are `Fact`s. */
export function Facts({ longNames = false, children }: FactsProps) {
  return <dl className={longNames ? 'facts facts-long' : 'facts'}>{children}</dl>;
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

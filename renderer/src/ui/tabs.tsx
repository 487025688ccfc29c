import { Tabs as Radix } from 'radix-ui';
import { StateShape } from './icon.tsx';
import './tabs.css';

export interface TabOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly count?: number;
  /** Something on it wants a look: a sign, and these words for who cannot see it. */
  readonly problem?: string;
}

interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly tabs: readonly TabOption<T>[];
  readonly onChange: (value: T) => void;
  readonly children: React.ReactNode;
}

export function Tabs<T extends string>({ label, value, tabs, onChange, children }: TabsProps<T>) {
  return (
    <Radix.Root
      className="tabs-root"
      value={value}
      activationMode="manual"
      onValueChange={(next) => {
        const tab = tabs.find((each) => each.value === next);
        if (tab !== undefined) onChange(tab.value);
      }}
    >
      <Radix.List className="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} value={tab.value} className="tab">
            {tab.label}
            {tab.count !== undefined && <span className="tab-count">{tab.count}</span>}
            {tab.problem !== undefined && (
              <>
                <StateShape shape="failed" tone="bad" />
                <span className="visually-hidden">{tab.problem}</span>
              </>
            )}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content value={value} className="tab-panel" tabIndex={-1}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}

import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import './menu.css';

export interface MenuAction {
  readonly kind?: 'action';
  readonly label: string;
  readonly icon?: IconName;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** The label is a line of a terminal. */
  readonly mono?: boolean;
  readonly onSelect: () => void;
}

export interface MenuToggle {
  readonly kind: 'toggle';
  readonly label: string;
  readonly checked: boolean;
  readonly onSelect: () => void;
}

export interface MenuSeparator {
  readonly kind: 'separator';
}

export interface MenuHeading {
  readonly kind: 'heading';
  readonly label: string;
}

export interface MenuSub {
  readonly kind: 'submenu';
  readonly label: string;
  readonly icon?: IconName;
  readonly entries: readonly MenuAction[];
}

export type MenuEntry = MenuAction | MenuToggle | MenuSeparator | MenuHeading | MenuSub;

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
  readonly onOpenChange?: (open: boolean) => void;
}

/** Not modal: Radix would otherwise add a style element, which the content security policy refuses. */
export function Menu({ trigger, entries, align = 'end', onOpenChange }: MenuProps) {
  return (
    <Radix.Root modal={false} {...(onOpenChange !== undefined && { onOpenChange })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {entries.map((entry, index) => (
            <Entry key={index} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  if (entry.kind === undefined || entry.kind === 'action') return <ActionItem entry={entry} />;
  switch (entry.kind) {
    case 'separator':
      return <Radix.Separator className="menu-separator" />;
    case 'heading':
      return <Radix.Label className="menu-heading">{entry.label}</Radix.Label>;
    case 'submenu':
      return <SubMenu entry={entry} />;
    case 'toggle':
      return (
        <Radix.CheckboxItem
          className="menu-item"
          checked={entry.checked}
          onSelect={(event) => {
            event.preventDefault();
            entry.onSelect();
          }}
        >
          <span className="menu-icon">
            <Radix.ItemIndicator>
              <Icon name="check" />
            </Radix.ItemIndicator>
          </span>
          {entry.label}
        </Radix.CheckboxItem>
      );
  }
}

function SubMenu({ entry }: { readonly entry: MenuSub }) {
  return (
    <Radix.Sub>
      <Radix.SubTrigger className="menu-item">
        <span className="menu-icon">{entry.icon !== undefined && <Icon name={entry.icon} />}</span>
        {entry.label}
        <span className="menu-more">
          <Icon name="chevron-right" small />
        </span>
      </Radix.SubTrigger>
      <Radix.Portal>
        <Radix.SubContent className="menu" sideOffset={2} collisionPadding={8}>
          {entry.entries.map((each) => (
            <ActionItem key={each.label} entry={each} />
          ))}
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
  );
}

function ActionItem({ entry }: { readonly entry: MenuAction }) {
  return (
    <Radix.Item
      className={entry.danger === true ? 'menu-item menu-danger' : 'menu-item'}
      disabled={entry.disabled === true}
      onSelect={entry.onSelect}
    >
      <span className="menu-icon">{entry.icon !== undefined && <Icon name={entry.icon} />}</span>
      {entry.mono === true ? <span className="mono">{entry.label}</span> : entry.label}
      {entry.shortcut !== undefined && <span className="menu-shortcut">{entry.shortcut}</span>}
    </Radix.Item>
  );
}

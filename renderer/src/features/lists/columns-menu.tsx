import { useHiddenColumns, usePreferences } from '../../lib/preferences.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { Menu } from '../../ui/menu.tsx';

interface ColumnsMenuProps {
  readonly table: string;
  readonly columns: readonly { readonly id: string; readonly header: string; readonly hideable?: boolean }[];
}

/** Which columns, and how much air. */
export function ColumnsMenu({ table, columns }: ColumnsMenuProps) {
  const t = useText();
  const hidden = useHiddenColumns(table);
  const { density, setDensity, toggleColumn } = usePreferences();
  const entries: MenuEntry[] = [
    ...columns
      .filter((column) => column.hideable === true)
      .map((column): MenuEntry => ({
        kind: 'toggle',
        label: column.header,
        checked: !hidden.includes(column.id),
        onSelect: () => toggleColumn(table, column.id),
      })),
    { kind: 'separator' },
    {
      kind: 'toggle',
      label: t('columns.comfortable'),
      checked: density === 'comfortable',
      onSelect: () => setDensity(density === 'comfortable' ? 'compact' : 'comfortable'),
    },
  ];
  return (
    <Menu
      trigger={
        <Button variant="quiet" icon="columns" aria-label={t('columns.title')}>
          <span className="wide-only">{t('columns.title')}</span>
        </Button>
      }
      entries={entries}
    />
  );
}

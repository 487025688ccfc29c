/** What is chosen in a list, and where the keyboard is. Keys, not indexes: rows come, go and move. */
export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly active: string | undefined;
  /** Where a range began. */
  readonly anchor: string | undefined;
}

export const NOTHING_SELECTED: Selection = { selected: new Set(), active: undefined, anchor: undefined };

export function toggle(selection: Selection, key: string): Selection {
  const selected = new Set(selection.selected);
  if (!selected.delete(key)) selected.add(key);
  return { selected, active: key, anchor: key };
}

/** From the anchor to `key`, as the rows lie now; without an anchor only `key`. */
export function extendTo(selection: Selection, key: string, keys: readonly string[]): Selection {
  const from = keys.indexOf(selection.anchor ?? key);
  const to = keys.indexOf(key);
  if (from < 0 || to < 0) return { selected: new Set([key]), active: key, anchor: key };
  const range = keys.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { selected: new Set([...selection.selected, ...range]), active: key, anchor: keys[from] };
}

export function activate(selection: Selection, key: string): Selection {
  return { ...selection, active: key, anchor: key };
}

export function selectAll(selection: Selection, keys: readonly string[]): Selection {
  return { ...selection, selected: new Set(keys) };
}

export function clear(selection: Selection): Selection {
  return { ...selection, selected: new Set() };
}

/** Without what is no longer there. The same object when nothing changed. */
export function keepOnly(selection: Selection, keys: readonly string[]): Selection {
  const present = new Set(keys);
  const selected = [...selection.selected].filter((key) => present.has(key));
  const active =
    selection.active !== undefined && present.has(selection.active) ? selection.active : undefined;
  if (selected.length === selection.selected.size && active === selection.active) return selection;
  return { selected: new Set(selected), active, anchor: active };
}

export type Step = 'next' | 'previous' | 'first' | 'last' | 'page-down' | 'page-up';

/** The key that a step leads to from the active one. */
export function stepFrom(
  active: string | undefined,
  step: Step,
  keys: readonly string[],
  pageSize: number,
): string | undefined {
  const last = keys.length - 1;
  if (last < 0) return undefined;
  const at = active === undefined ? -1 : keys.indexOf(active);
  const target = {
    next: at + 1,
    previous: at < 0 ? last : at - 1,
    first: 0,
    last,
    'page-down': at + pageSize,
    'page-up': at - pageSize,
  }[step];
  return keys[Math.min(last, Math.max(0, target))];
}

import type { KeyboardEvent } from 'react';
import {
  activate,
  clear,
  extendTo,
  selectAll,
  type Selection,
  type Step,
  stepFrom,
  toggle,
} from './selection.ts';

export interface GridKeysOptions {
  readonly keys: readonly string[];
  readonly selection: Selection;
  readonly pageSize: () => number;
  readonly onSelection: (selection: Selection) => void;
  readonly onActive: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly onDelete: () => void;
}

const STEPS: Readonly<Record<string, Step>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  PageDown: 'page-down',
  PageUp: 'page-up',
};

/** Arrows move, Shift makes a range, Space chooses, Enter opens, Delete removes, Ctrl+A takes all, Escape none. */
export function gridKeyHandler(options: GridKeysOptions): (event: KeyboardEvent) => void {
  return (event) => {
    const inControl = event.target !== event.currentTarget && event.target instanceof HTMLElement;
    if (inControl && (event.key === 'Enter' || event.key === ' ')) return;
    if (handle(event, options)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function handle(event: KeyboardEvent, options: GridKeysOptions): boolean {
  const { keys, selection, onSelection } = options;
  const step = STEPS[event.key];
  if (step !== undefined) {
    const target = stepFrom(selection.active, step, keys, options.pageSize());
    if (target === undefined) return false;
    onSelection(event.shiftKey ? extendTo(selection, target, keys) : activate(selection, target));
    options.onActive(keys.indexOf(target));
    return true;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
    onSelection(selectAll(selection, keys));
    return true;
  }
  if (event.key === 'Escape' && selection.selected.size > 0) {
    onSelection(clear(selection));
    return true;
  }
  if (event.key === 'Delete') {
    options.onDelete();
    return true;
  }
  if (selection.active === undefined) return false;
  if (event.key === ' ') {
    onSelection(toggle(selection, selection.active));
    return true;
  }
  if (event.key === 'Enter') {
    options.onOpen(keys.indexOf(selection.active));
    return true;
  }
  return false;
}

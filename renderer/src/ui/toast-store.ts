import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly tone: 'bad' | 'ok' | 'info';
  readonly title: string;
  readonly hint?: string;
  /** Technical words, shown on demand and copied. */
  readonly details?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Toasts {
  readonly toasts: readonly Toast[];
  readonly show: (toast: Omit<Toast, 'id'>) => void;
  readonly dismiss: (id: number) => void;
}

const MOST_AT_ONCE = 4;
let lastId = 0;

export const useToasts = create<Toasts>()((set) => ({
  toasts: [],
  show: (toast) => {
    lastId += 1;
    const id = lastId;
    // The same failure again replaces itself instead of piling up.
    set(({ toasts }) => ({
      toasts: [...toasts.filter((each) => each.title !== toast.title), { ...toast, id }].slice(-MOST_AT_ONCE),
    }));
  },
  dismiss: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
}));

import { create } from 'zustand';
import { TerminalSession, type TerminalSessionOptions } from './terminal-session.ts';

export interface OpenTerminal {
  readonly id: number;
  readonly session: TerminalSession;
}

interface Terminals {
  /** By container. */
  readonly terminals: Readonly<Record<string, readonly OpenTerminal[]>>;
  readonly active: Readonly<Record<string, number>>;
  readonly open: (options: TerminalSessionOptions) => void;
  readonly close: (container: string, id: number) => void;
  readonly activate: (container: string, id: number) => void;
}

let lastId = 0;

/** The open terminals of this window: they outlive the page that shows them. */
export const useTerminals = create<Terminals>()((set, get) => ({
  terminals: {},
  active: {},
  open: (options) => {
    const session = new TerminalSession(options);
    lastId += 1;
    const opened: OpenTerminal = { id: lastId, session };
    const { container } = options;
    set(({ terminals, active }) => ({
      terminals: { ...terminals, [container]: [...(terminals[container] ?? []), opened] },
      active: { ...active, [container]: opened.id },
    }));
    void session.start();
  },
  close: (container, id) => {
    const all = get().terminals[container] ?? [];
    all.find((each) => each.id === id)?.session[Symbol.dispose]();
    const rest = all.filter((each) => each.id !== id);
    set(({ terminals, active }) => ({
      terminals: { ...terminals, [container]: rest },
      active: { ...active, [container]: rest.at(-1)?.id ?? 0 },
    }));
  },
  activate: (container, id) => set(({ active }) => ({ active: { ...active, [container]: id } })),
}));

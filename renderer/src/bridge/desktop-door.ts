import type { CallerChannel, CallerMessage, HandlerMessage } from '@longshore/engine/contract';
import type { SaveDoor } from '../lib/save-door.ts';

export interface WindowControls {
  minimize(): void;
  toggleMaximize(): void;
  close(): void;
}

export type ThemeSource = 'system' | 'light' | 'dark';

/**
 * All that the preload script gives the page, as `window.longshore`. The engine itself is behind a MessagePort.
 *
 * `connect` asks the main process for a new door. The preload answers, each time, with
 * `window.postMessage({ type: 'longshore-door' }, location.origin, [port])`, and the port then carries one
 * CallerMessage or HandlerMessage per message. A connection that cannot be made is answered with
 * `{ type: 'longshore-door-failed' }` without a port. When the engine's side goes away, the port's `close` event
 * fires (Chromium 122 and later).
 */
export interface DesktopDoor {
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** Only where the window has no frame of its own. */
  readonly windowControls?: WindowControls;
  connect(): void;
  /** Opens an http or https address in the person's browser; the main process checks it again. */
  openExternal(url: string): void;
  readonly saveFile: SaveDoor;
  /** Asks the person for a folder; null: they gave up. */
  chooseFolder(): Promise<string | null>;
  /** Where a file or folder that was dropped or chosen lies; empty when it lies nowhere. */
  pathOf(file: File): string;
  /** The native parts (menus, window frame) follow the page's theme. */
  setTheme(source: ThemeSource): void;
}

declare global {
  interface Window {
    readonly longshore?: DesktopDoor;
  }
}

const DOOR_TIMEOUT_MS = 10_000;

/** A new door to the engine through the preload; fails when the main process does not give one in time. */
export function openDesktopChannel(door: DesktopDoor): Promise<CallerChannel> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error('no answer'))), DOOR_TIMEOUT_MS);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      window.removeEventListener('message', receive);
      settle();
    };
    const receive = (event: MessageEvent<unknown>) => {
      if (event.source !== window || !isDoorMessage(event.data)) return;
      const port = event.ports[0];
      if (event.data.type === 'longshore-door' && port !== undefined)
        finish(() => resolve(portChannel(port)));
      else finish(() => reject(new Error('refused')));
    };
    window.addEventListener('message', receive);
    door.connect();
  });
}

function isDoorMessage(data: unknown): data is { readonly type: 'longshore-door' | 'longshore-door-failed' } {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  return data.type === 'longshore-door' || data.type === 'longshore-door-failed';
}

export function portChannel(port: MessagePort): CallerChannel {
  const closedListeners: (() => void)[] = [];
  let open = true;
  const closed = () => {
    if (!open) return;
    open = false;
    for (const listener of closedListeners) listener();
  };
  port.addEventListener('close', closed);
  return {
    send: (message: CallerMessage) => {
      if (open) port.postMessage(message);
    },
    onMessage: (receive) => {
      port.addEventListener('message', (event: MessageEvent<HandlerMessage>) => receive(event.data));
      port.start();
    },
    onClose: (listener) => void closedListeners.push(listener),
    close: () => {
      port.close();
      closed();
    },
  };
}

import { type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, session, shell } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';

const EXTERNAL_PROTOCOLS: ReadonlySet<string> = new Set(['https:', 'http:']);

/** The page needs no permission of Chromium's but to write the clipboard. */
const PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'clipboard-read']);

/** Whether a message comes from the main frame of our own page. */
export function isOwnPage({ senderFrame }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>): boolean {
  return senderFrame !== null && senderFrame.parent === null && originOf(senderFrame.url) === APP_ORIGIN;
}

/** Opens http and https addresses in the person's browser; all else is ignored. */
export function openExternal(url: unknown): void {
  if (typeof url !== 'string' || !URL.canParse(url)) return;
  if (EXTERNAL_PROTOCOLS.has(new URL(url).protocol)) void shell.openExternal(url);
}

/** The page stays what it is: it goes nowhere, opens no window, embeds nothing and asks for nothing. */
export function confine(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.setWindowOpenHandler(({ url }) => {
    openExternal(url);
    return { action: 'deny' };
  });
  webContents.on('will-navigate', (event) => {
    if (originOf(event.url) !== APP_ORIGIN) event.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
}

export function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionCheckHandler((_contents, permission) => PERMISSIONS.has(permission));
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(PERMISSIONS.has(permission));
  });
}

/** URL.origin is "null" for schemes of one's own, so it is put together here. */
function originOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

import {
  BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  session,
  shell,
  type WebContents,
} from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';
import { judgeLink, machineAddresses } from './external-links.ts';

/** The page needs no permission of Chromium's but to write the clipboard. */
const PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'clipboard-read']);

/** Whether a message comes from the main frame of our own page. */
export function isOwnPage({ senderFrame }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>): boolean {
  return senderFrame !== null && senderFrame.parent === null && originOf(senderFrame.url) === APP_ORIGIN;
}

/** Opens an address in the person's browser, if need be after they have said so; all else is ignored. */
export async function openExternal(contents: WebContents, link: unknown): Promise<void> {
  const verdict = judgeLink(link, machineAddresses());
  if (verdict.kind === 'ignore') return;
  if (verdict.kind === 'ask' && !(await allowsLink(contents, verdict.url))) return;
  await shell.openExternal(verdict.url);
}

async function allowsLink(contents: WebContents, url: string): Promise<boolean> {
  const window = BrowserWindow.fromWebContents(contents);
  if (window === null) return false;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Open this address in your browser?',
    detail: url,
    buttons: ['Cancel', 'Open'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

/** The page stays what it is: it goes nowhere, opens no window, embeds nothing and asks for nothing. */
export function confine(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.setWindowOpenHandler(({ url }) => {
    void openExternal(webContents, url);
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

import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  MessageChannelMain,
  nativeTheme,
  type WebContents,
} from 'electron';
import path from 'node:path';
import type { HandlerChannel } from '@longshore/engine/contract';
import { channels, type SaveAnswer } from '../preload/channels.ts';
import { portChannel } from './port-channel.ts';
import { SaveFiles } from './save-files.ts';
import { isOwnPage, openExternal } from './security.ts';

const THEMES = ['system', 'light', 'dark'] as const;

/** Answers the preload script. Every message is checked to come from our own page's main frame. */
export function answerPages(openDoor: (channel: HandlerChannel) => void): void {
  on(channels.door, (event) => {
    const { port1, port2 } = new MessageChannelMain();
    openDoor(portChannel(port1));
    event.senderFrame?.postMessage(channels.door, null, [port2]);
  });
  on(channels.openExternal, ({ sender }, url) => void openExternal(sender, url));
  on(channels.theme, (_event, theme) => {
    const known = THEMES.find((name) => name === theme);
    if (known !== undefined) nativeTheme.themeSource = known;
  });
  on(channels.window, (event, command) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (command === 'minimize') window?.minimize();
    else if (command === 'close') window?.close();
    else if (window?.isMaximized() === true) window.unmaximize();
    else window?.maximize();
  });
  answerSaving();
  handle(channels.chooseFolder, ({ sender }) => askForFolder(sender), null);
}

const REFUSED: SaveAnswer = { ok: false, reason: '' };

/** Each window saves files of its own, and what it has not finished goes with its page. */
function answerSaving(): void {
  const saving = new WeakMap<WebContents, SaveFiles>();
  const filesOf = (contents: WebContents): SaveFiles => {
    const known = saving.get(contents);
    if (known !== undefined) return known;
    const files = new SaveFiles((name) => askWhereToSave(contents, name));
    const leave = () => void files[Symbol.asyncDispose]();
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) leave();
    });
    contents.once('destroyed', leave);
    saving.set(contents, files);
    return files;
  };
  handle(channels.saveStart, (event, name) => filesOf(event.sender).start(name));
  handle(channels.saveWrite, (event, id, bytes) => filesOf(event.sender).write(id, bytes));
  handle(channels.saveEnd, (event, id, whole) => filesOf(event.sender).end(id, whole));
}

async function askForFolder(contents: WebContents): Promise<string | null> {
  const window = BrowserWindow.fromWebContents(contents);
  if (window === null) return null;
  const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory'] });
  return filePaths[0] ?? null;
}

async function askWhereToSave(contents: WebContents, suggestedName: string): Promise<string | undefined> {
  const window = BrowserWindow.fromWebContents(contents);
  if (window === null) return undefined;
  const defaultPath = path.join(app.getPath('downloads'), suggestedName);
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath });
  return canceled || filePath === '' ? undefined : filePath;
}

function handle(
  channel: string,
  answer: (event: IpcMainInvokeEvent, ...values: readonly unknown[]) => Promise<unknown>,
  refused: unknown = REFUSED,
): void {
  ipcMain.handle(channel, (event, ...values: unknown[]) =>
    isOwnPage(event) ? answer(event, ...values) : refused,
  );
}

function on(channel: string, answer: (event: IpcMainEvent, argument: unknown) => void): void {
  ipcMain.on(channel, (event, argument: unknown) => {
    if (isOwnPage(event)) answer(event, argument);
  });
}

import { BrowserWindow, ipcMain, type IpcMainEvent, MessageChannelMain, nativeTheme } from 'electron';
import type { HandlerChannel } from '@longshore/engine/contract';
import { channels } from '../preload/channels.ts';
import { portChannel } from './port-channel.ts';
import { isOwnPage, openExternal } from './security.ts';

const THEMES = ['system', 'light', 'dark'] as const;

/** Answers the preload script. Every message is checked to come from our own page's main frame. */
export function answerPages(openDoor: (channel: HandlerChannel) => void): void {
  on(channels.door, (event) => {
    const { port1, port2 } = new MessageChannelMain();
    openDoor(portChannel(port1));
    event.senderFrame?.postMessage(channels.door, null, [port2]);
  });
  on(channels.openExternal, (_event, url) => openExternal(url));
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
}

function on(channel: string, answer: (event: IpcMainEvent, argument: unknown) => void): void {
  ipcMain.on(channel, (event, argument: unknown) => {
    if (isOwnPage(event)) answer(event, argument);
  });
}

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, type WindowCommand } from './channels.ts';

/** Given by the main process on the preload's command line: whether the page draws the window's frame. */
const frameless = process.argv.includes('--longshore-frameless');

const command = (name: WindowCommand) => () => ipcRenderer.send(channels.window, name);

ipcRenderer.on(channels.door, (event) => {
  const [port] = event.ports;
  const type = port === undefined ? 'longshore-door-failed' : 'longshore-door';
  window.postMessage({ type }, location.origin, port === undefined ? [] : [port]);
});

contextBridge.exposeInMainWorld('longshore', {
  platform: process.platform,
  ...(frameless && {
    windowControls: {
      minimize: command('minimize'),
      toggleMaximize: command('toggle-maximize'),
      close: command('close'),
    },
  }),
  connect: () => ipcRenderer.send(channels.door),
  openExternal: (url: string) => ipcRenderer.send(channels.openExternal, url),
  saveFile: {
    start: (suggestedName: string) => ipcRenderer.invoke(channels.saveStart, suggestedName),
    write: (id: number, bytes: Uint8Array) => ipcRenderer.invoke(channels.saveWrite, id, bytes),
    end: (id: number, whole: boolean) => ipcRenderer.invoke(channels.saveEnd, id, whole),
  },
  chooseFolder: () => ipcRenderer.invoke(channels.chooseFolder),
  pathOf: (file: File) => webUtils.getPathForFile(file),
  setTheme: (source: string) => ipcRenderer.send(channels.theme, source),
});

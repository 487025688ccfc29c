import { app, BrowserWindow } from 'electron';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { resolveFolders } from '@longshore/engine';
import { registerAppScheme, serveRenderer } from './app-protocol.ts';
import { desktopVault } from './desktop-vault.ts';
import { EngineHost } from './engine-host.ts';
import { answerPages } from './ipc.ts';
import { findLocations } from './locations.ts';
import { createMainWindow } from './main-window.ts';
import { setApplicationMenu } from './menu.ts';
import { denyPermissions } from './security.ts';

const { values: options } = parseArgs({
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  options: { data: { type: 'string' }, run: { type: 'string' } },
  // Chromium's own switches are on the same command line.
  strict: false,
});

registerAppScheme();
// Chromium has no sandbox for root; for everybody else every process gets it.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// One window per data folder: Electron's lock, and what the page remembers, follow it.
const folders = resolveFolders({ data: asText(options.data), run: asText(options.run) });
if (asText(options.data) !== undefined) app.setPath('userData', path.join(folders.dataDir, 'window'));

if (app.requestSingleInstanceLock()) {
  void start();
} else {
  process.stdout.write('Longshore is open already: its window has come to the front.\n');
  app.quit();
}

async function start(): Promise<void> {
  const { rendererDir, preload, agentBinary } = findLocations();
  await app.whenReady();

  serveRenderer(rendererDir);
  denyPermissions();
  setApplicationMenu();
  const vault = desktopVault();
  const options = { ...folders, agent: { binary: agentBinary }, ...(vault !== undefined && { vault }) };
  const host = new EngineHost(options, logError);
  answerPages((channel) => void host.openDoor(channel));
  createMainWindow(preload);

  app.on('second-instance', showWindow);
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) createMainWindow(preload);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  disposeBeforeQuit(host);
}

/** parseArgs gives a switch without value as true. */
function asText(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}

/** Containers run on without the engine; it only has to put down its records and its sockets. */
function disposeBeforeQuit(host: EngineHost): void {
  let disposed = false;
  app.on('will-quit', (event) => {
    if (disposed) return;
    event.preventDefault();
    void host[Symbol.asyncDispose]().finally(() => {
      disposed = true;
      app.quit();
    });
  });
}

function logError(operation: string, error: unknown): void {
  process.stderr.write(
    `longshore: ${operation}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}

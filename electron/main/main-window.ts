import { BrowserWindow, nativeTheme } from 'electron';
import { APP_URL } from './app-protocol.ts';
import { confine } from './security.ts';

const SIZE = { width: 1280, height: 800, minWidth: 800, minHeight: 560 };

/** tokens.css's `chrome`, so that the window does not flash before the page has drawn. */
const BACKGROUND = { dark: '#0c1117', light: '#e8edf2' };

/** Linux and Windows windows draw their own frame with the page's title bar; macOS keeps its buttons. */
const FRAMELESS = process.platform !== 'darwin';

export function createMainWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    ...SIZE,
    show: false,
    frame: !FRAMELESS,
    titleBarStyle: FRAMELESS ? 'default' : 'hiddenInset',
    title: 'Longshore',
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      additionalArguments: FRAMELESS ? ['--longshore-frameless'] : [],
    },
  });
  confine(window);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(APP_URL);
  return window;
}

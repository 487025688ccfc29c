import { Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The roles alone, whose words and shortcuts Electron brings in the system's language. macOS needs the menu for copy
 * and paste to work at all; elsewhere the window draws its own title bar and the menu only carries the shortcuts.
 */
export function setApplicationMenu(): void {
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

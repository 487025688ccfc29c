import { expect, type Page, test } from '@playwright/test';
import path from 'node:path';
import { CommandLine } from '../fixtures/cli.ts';
import { startApp } from '../fixtures/electron-app.ts';
import { makeFolders } from '../fixtures/folders.ts';
import { root } from '../fixtures/paths.ts';
import { WindowPage } from '../window/window-page.ts';
import { openHarbour } from './harbour.ts';

/** No test: what the README and docs/ show is taken anew by it. README.md in e2e/ tells how. */

test('pictures of the window', async () => {
  await using folders = await makeFolders();
  await using running = await startApp(folders);
  const { page } = running;
  const window = new WindowPage(page);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expect(page.getByText('Engine running')).toBeVisible();
  await openHarbour(new CommandLine(folders));

  await window.goTo('Containers');
  await expect(window.row('web')).toContainText('Healthy');
  await expect(window.row('tide-north')).toContainText(/\d+\.\d%/);
  await take(page, 'containers');
  await fillRunDialog(page);
  await take(page, 'run');
  await page.keyboard.press('Escape');
  await window.goTo('Images');
  await expect(window.row('harbour/tide')).toContainText('2 containers');
  await take(page, 'images');

  await window.goTo('Containers');
  await window.row('tide-north').getByText('tide-north', { exact: true }).click();
  await window.openTab('Logs');
  await expect(window.log('tide-north').getByText('high water')).toHaveCount(2);
  await take(page, 'logs');
  await window.openTab('Overview');
  await take(page, 'overview');
  await window.openTab('Stats');
  // The curves want some thirty seconds to be curves.
  await page.waitForTimeout(30_000);
  await take(page, 'stats');
});

async function fillRunDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run container' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run container' });
  await dialog.getByLabel('Image', { exact: true }).fill('harbour/web:2.1');
  await dialog.getByLabel('Name', { exact: true }).fill('web-test');
  await dialog.getByRole('button', { name: 'Add port' }).click();
  await dialog.getByRole('button', { name: 'Add variable' }).click();
  await dialog.getByLabel('port on this machine').fill('8081');
  await dialog.getByLabel('port in the container').fill('8080');
  await dialog.getByLabel('NAME', { exact: true }).fill('TIDE_TABLE');
  await dialog.getByLabel('value', { exact: true }).fill('north');
  await dialog.getByLabel('Memory', { exact: true }).fill('128');
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(root, 'docs/images', `${name}.png`) });
}

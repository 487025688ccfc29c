import { expect, type Locator, type Page } from '@playwright/test';
import type { WindowHost } from './window-host.ts';
import { WindowPage } from './window-page.ts';

const NAME = 'desk';
const COMMAND = `sh -c 'echo written > /etc/note; rm /etc/group; trap "exit 0" TERM; while :; do sleep 0.1; done'`;

/** The files of one container, while it runs and after it has stopped. Needs the image `busybox`. */
export async function doFilesJob(host: WindowHost): Promise<void> {
  const { page, picture } = host;
  const window = new WindowPage(page);
  await window.run({ image: 'busybox', name: NAME, command: COMMAND }, () => addVolume(window));
  await openFiles(window);
  await picture?.('files-root');
  await seeMarks(host);
  await editInPlace(host);
  await bringInAndOut(host);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
  await lookAtTheStopped(host);
  await deleteWithVolume(host);
}

const file = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const row = (page: Page, name: string): Locator => page.getByRole('row').filter({ hasText: name });

async function addVolume({ dialog }: WindowPage): Promise<void> {
  await dialog.getByRole('button', { name: 'Add folder or volume' }).click();
  await dialog.getByLabel('Folder or volume', { exact: true }).selectOption('Volume');
  await dialog.getByLabel('folder in the container').fill('/data');
}

async function openFiles(window: WindowPage): Promise<void> {
  const { page } = window;
  await window.goTo('Containers');
  await window.row(NAME).getByText(NAME, { exact: true }).click();
  await window.openTab('Files');
  await expect(page.getByRole('grid', { name: `Files of ${NAME}` })).toBeVisible();
}

async function goToRoot(page: Page): Promise<void> {
  const folder = page.getByRole('navigation', { name: 'Folder' });
  await folder.getByRole('button', { name: '/', exact: true }).click();
}

async function seeMarks({ page, picture }: WindowHost): Promise<void> {
  await file(page, 'etc').click();
  await expect(row(page, 'note')).toContainText('Added');
  await expect(row(page, 'group')).toContainText('Deleted');
  await picture?.('files-marks');
}

async function editInPlace({ page, picture }: WindowHost): Promise<void> {
  await file(page, 'note').click();
  const panel = page.getByRole('complementary', { name: 'note', exact: true });
  await expect(panel).toContainText('written');
  await picture?.('files-preview');
  await panel.getByRole('button', { name: 'Edit' }).click();
  await panel.getByRole('textbox', { name: 'Text of note' }).fill('changed in the window\n');
  await picture?.('files-edit');
  await panel.getByRole('textbox').press('Control+s');
  await expect(panel.getByRole('button', { name: 'Edit' })).toBeVisible();
  await expect(panel).toContainText('changed in the window');
  await panel.getByRole('button', { name: 'Close preview' }).click();
}

async function bringInAndOut(host: WindowHost): Promise<void> {
  const { page } = host;
  await goToRoot(page);
  await file(page, 'data').click();
  await page.getByTestId('upload-files').setInputFiles({
    name: 'kept.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('kept in the volume\n'),
  });
  await expect(page.getByText('kept.txt is uploaded')).toBeVisible();
  await goToRoot(page);
  await file(page, 'etc').click();
  const saved = await host.saved(() => row(page, 'note').getByRole('button', { name: 'Download' }).click());
  expect(saved.toString()).toBe('changed in the window\n');
}

/** Its own files, and those of its volumes. */
async function lookAtTheStopped({ page, picture }: WindowHost): Promise<void> {
  const window = new WindowPage(page);
  await openFiles(window);
  await file(page, 'etc').click();
  await file(page, 'note').click();
  const panel = page.getByRole('complementary', { name: 'note', exact: true });
  await expect(panel).toContainText('changed in the window');
  await goToRoot(page);
  await file(page, 'data').click();
  await expect(file(page, 'kept.txt')).toBeVisible();
  await picture?.('files-stopped');
  await file(page, 'kept.txt').click();
  const kept = page.getByRole('complementary', { name: 'kept.txt', exact: true });
  await kept.getByRole('button', { name: 'Edit' }).click();
  await kept.getByRole('textbox', { name: 'Text of kept.txt' }).fill('changed while it is stopped\n');
  await kept.getByRole('textbox').press('Control+s');
  await expect(kept).toContainText('changed while it is stopped');
}

async function deleteWithVolume({ page, picture }: WindowHost): Promise<void> {
  const window = new WindowPage(page);
  await window.menuAction('Delete…');
  const dialog = page.getByRole('alertdialog').or(window.dialog);
  await picture?.('remove-container');
  await dialog.getByRole('checkbox', { name: 'Its volume without a name as well' }).click();
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('No containers yet')).toBeVisible();
  await window.goTo('Volumes');
  await expect(page.getByText('No volumes yet')).toBeVisible();
}

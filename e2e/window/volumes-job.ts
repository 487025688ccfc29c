import { expect, type Locator, type Page } from '@playwright/test';
import type { WindowHost } from './window-host.ts';
import { WindowPage } from './window-page.ts';

/** A volume from its form to the trash and back: filled, looked into, copied, taken out and brought in again. */
export async function doVolumesJob(host: WindowHost): Promise<void> {
  const { page, picture } = host;
  const window = new WindowPage(page);
  await window.goTo('Volumes');
  await expect(page.getByText('No volumes yet')).toBeVisible();
  await picture?.('volumes-none');
  await createVolume(host);
  await fill(host);
  await window.run({ image: 'busybox', name: 'keeper', command: 'sleep 1000000' }, () => mount(window));
  await seeItInUse(host);
  const archive = await host.saved(async () => {
    await volume(page, 'cargo').getByRole('button', { name: 'Export…' }).click();
  });
  expect(archive.toString('latin1')).toContain('manifest.txt');
  await cloneAndEmpty(host);
  await importAgain(host, archive);
  await removeAndUndo(host);
  await restoreFromTrash(host);
  await pruneTheRest(host);
}

function volume(page: Page, name: string): Locator {
  return page
    .getByRole('grid', { name: 'Volumes' })
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name, exact: true }) });
}

const file = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

async function createVolume({ page, picture }: WindowHost): Promise<void> {
  await page.getByRole('button', { name: 'Create volume' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create volume' });
  await dialog.getByLabel('Name').fill('-cargo');
  await expect(dialog.getByRole('alert')).toContainText('begins with a letter or digit');
  await dialog.getByLabel('Name').fill('cargo');
  await picture?.('create-volume');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'cargo' })).toBeVisible();
  await expect(page.getByText('This folder is empty')).toBeVisible();
  await picture?.('volume-empty');
}

async function fill(host: WindowHost): Promise<void> {
  const { page, picture } = host;
  await page.getByTestId('upload-files').setInputFiles([
    { name: 'manifest.txt', mimeType: 'text/plain', buffer: Buffer.from('12 crates of tea\n') },
    { name: 'logo.png', mimeType: 'image/png', buffer: PICTURE },
    { name: 'ledger.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(3 << 20, 7) },
  ]);
  await expect(page.getByText('3 files are uploaded')).toBeVisible();
  await file(page, 'logo.png').click();
  const shown = page.getByRole('complementary', { name: 'logo.png' }).getByRole('img');
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  await file(page, 'manifest.txt').click();
  await expect(page.getByRole('complementary', { name: 'manifest.txt' })).toContainText('12 crates of tea');
  await picture?.('volume-files');
  const row = page.getByRole('row').filter({ hasText: 'ledger.bin' });
  const saved = await host.saved(() => row.getByRole('button', { name: 'Download' }).click());
  expect(saved.equals(Buffer.alloc(3 << 20, 7))).toBe(true);
  await page.getByRole('tab', { name: 'Overview' }).click();
  await expect(page.getByText('No container has it.')).toBeVisible();
  await picture?.('volume-overview');
}

async function mount({ dialog }: WindowPage): Promise<void> {
  await dialog.getByRole('button', { name: 'Add folder or volume' }).click();
  await dialog.getByLabel('Folder or volume', { exact: true }).selectOption('Volume');
  await dialog.getByLabel('volume, or a new one').fill('cargo');
  await dialog.getByLabel('folder in the container').fill('/cargo');
}

async function seeItInUse({ page, picture }: WindowHost): Promise<void> {
  await new WindowPage(page).goTo('Volumes');
  await expect(volume(page, 'cargo')).toContainText('keeper');
  await expect(volume(page, 'cargo')).toContainText(/3\.\d+ M/);
  await picture?.('volumes');
  await volume(page, 'cargo').getByRole('button', { name: 'More actions' }).click();
  await expect(page.getByRole('menuitem', { name: 'Move to trash' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await picture?.('volume-menu');
  await page.keyboard.press('Escape');
}

async function cloneAndEmpty({ page, picture }: WindowHost): Promise<void> {
  const window = new WindowPage(page);
  await volume(page, 'cargo').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Clone…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Clone cargo' });
  await dialog.getByLabel('New name').fill('Cargo');
  await expect(dialog.getByRole('alert')).toHaveText('There is a volume “cargo” already.');
  await dialog.getByLabel('New name').fill('cargo-copy');
  await picture?.('clone-volume');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'cargo-copy' })).toBeVisible();
  await expect(file(page, 'manifest.txt')).toBeVisible();
  await window.menuAction('Empty…');
  const empty = page.getByRole('dialog', { name: 'Empty cargo-copy?' });
  await expect(empty).toContainText('3 files');
  await picture?.('empty-volume');
  await empty.getByRole('button', { name: 'Empty', exact: true }).click();
  await expect(page.getByText('This folder is empty')).toBeVisible();
}

async function importAgain({ page, picture }: WindowHost, archive: Buffer): Promise<void> {
  await new WindowPage(page).goTo('Volumes');
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a volume' });
  const give = (name: string, buffer: Buffer): Promise<void> =>
    dialog.getByLabel('Archive').setInputFiles({ name, mimeType: 'application/x-tar', buffer });
  await give('notes.txt', Buffer.from('not an archive '.repeat(100)));
  await dialog.getByLabel('Name').fill('cargo-back');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await picture?.('import-refused');
  await give('cargo.tar', archive);
  await dialog.getByLabel('Name').fill('cargo-back');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'cargo-back' })).toBeVisible();
  await file(page, 'manifest.txt').click();
  await expect(page.getByRole('complementary', { name: 'manifest.txt' })).toContainText('12 crates of tea');
}

async function removeAndUndo({ page, picture }: WindowHost): Promise<void> {
  await new WindowPage(page).goTo('Volumes');
  await page.getByRole('checkbox', { name: 'Select cargo-copy' }).click();
  await page.getByRole('checkbox', { name: 'Select cargo-back' }).click();
  await picture?.('volumes-selected');
  await page.getByRole('button', { name: 'Move 2 to trash' }).click();
  await expect(volume(page, 'cargo-back')).toHaveCount(0);
  const toast = page.getByRole('status').filter({ hasText: '2 volumes are in the trash' });
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(volume(page, 'cargo-back')).toBeVisible();
  await expect(volume(page, 'cargo-copy')).toBeVisible();
}

async function restoreFromTrash({ page, picture }: WindowHost): Promise<void> {
  await volume(page, 'cargo-back').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await page.getByRole('button', { name: /^Trash/ }).click();
  const trash = page.getByRole('region', { name: 'Trash' }).getByRole('table');
  await picture?.('trash');
  // What the emptied copy had is there as well.
  await expect(trash.getByRole('row')).toHaveCount(1 + 2);
  const row = trash.getByRole('row').filter({ hasText: 'cargo-back' });
  await row.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('cargo-back is back')).toBeVisible();
  await trash.getByRole('button', { name: 'Delete cargo-copy for good…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete for good?' });
  await picture?.('trash-purge');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('The trash is empty')).toBeVisible();
  await picture?.('trash-empty');
}

async function pruneTheRest({ page, picture }: WindowHost): Promise<void> {
  await new WindowPage(page).goTo('Volumes');
  await page.getByRole('button', { name: 'Delete unused volumes…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete unused volumes?' });
  await dialog.getByRole('checkbox', { name: 'Those with a name as well' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await picture?.('prune-volumes');
  await dialog.getByRole('button', { name: 'Delete 2 volumes' }).click();
  await expect(page.getByText(/2 volumes deleted, 3\.\d+ M/)).toBeVisible();
  await expect(volume(page, 'cargo')).toBeVisible();
  await expect(volume(page, 'cargo-back')).toHaveCount(0);
}

/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

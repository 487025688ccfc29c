import { expect, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Volumes' });
const names = (page: Page) => grid(page).getByRole('link');
const row = (page: Page, name: string) => grid(page).getByRole('row').filter({ hasText: name });

async function menu(page: Page, volume: string, action: string): Promise<void> {
  await row(page, volume).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('lists the volumes with what they take, and finds them by who has them', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  await expect(names(page).first()).toHaveText('old-pgdata-16');
  await expect(row(page, 'uploads')).toContainText('api');
  await expect(row(page, 'uploads')).toContainText('135 B');
  await expect(row(page, 'reports')).toContainText('NFS');
  await page.keyboard.press('/');
  await page.keyboard.type('db');
  await expect(names(page)).toHaveText(['pgdata']);
  await page.getByRole('radio', { name: /^Anonymous/ }).click();
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect(names(page)).toHaveCount(5);
});

test('a volume is made in any of its kinds, and the command says the same', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  await page.getByRole('button', { name: 'Create volume' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create volume' });
  const create = dialog.getByRole('button', { name: 'Create', exact: true });
  await dialog.getByLabel('Name').fill('PGDATA');
  await expect(dialog.getByRole('alert')).toHaveText('There is a volume “pgdata” already.');
  await dialog.getByLabel('Name').fill('nas');
  await dialog.getByRole('radio', { name: 'NFS' }).click();
  await expect(create).toBeDisabled();
  await dialog.getByLabel('Server').fill('10.0.0.9');
  await dialog.getByLabel('Exported folder').fill('export');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Exported folder').fill('/export');
  await expect(dialog.getByTestId('command-line')).toHaveText(
    'longshore volume create --opt type=nfs --opt device=:/export --opt o=addr=10.0.0.9 nas',
  );
  await create.click();
  await expect(page.getByRole('heading', { name: 'nas' })).toBeVisible();
  await expect(page.getByText('This folder is empty')).toBeVisible();
});

test('what is deleted can be had back: at once, and from the trash', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  await menu(page, 'old-pgdata-16', 'Move to trash');
  await expect(row(page, 'old-pgdata-16')).toHaveCount(0);
  const toast = page.getByRole('status').filter({ hasText: 'old-pgdata-16 is in the trash' });
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'old-pgdata-16')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select old-pgdata-16' }).click();
  await page.getByRole('checkbox', { name: 'Select reports' }).click();
  await page.getByRole('button', { name: 'Move 2 to trash' }).click();
  await expect(page.getByText('2 volumes are in the trash')).toBeVisible();
  await page.getByRole('button', { name: /^Trash/ }).click();
  const trash = page.getByRole('region', { name: 'Trash' }).getByRole('table');
  await expect(trash.getByRole('row')).toHaveCount(1 + 2);
  await expect(trash).toContainText(/in [67] d \d+ h/);
  await trash
    .getByRole('row')
    .filter({ hasText: 'reports' })
    .getByRole('button', { name: 'Restore' })
    .click();
  await expect(page.getByText('reports is back')).toBeVisible();
  await trash.getByRole('button', { name: 'Delete old-pgdata-16 for good…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete for good?' });
  await expect(dialog.getByRole('listitem')).toContainText('0 bytes');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('The trash is empty')).toBeVisible();
});

test('a volume in use cannot be deleted nor emptied', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  await row(page, 'pgdata').filter({ hasText: 'db' }).getByRole('button', { name: 'More actions' }).click();
  for (const action of ['Move to trash', 'Empty…', 'Import into it…']) {
    await expect(page.getByRole('menuitem', { name: action })).toHaveAttribute('aria-disabled', 'true');
  }
});

test('a clone has the same data; emptied, it is empty, and its content is in the trash', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  await menu(page, 'uploads', 'Clone…');
  const dialog = page.getByRole('dialog', { name: 'Clone uploads' });
  await expect(dialog).toContainText('each file is copied as it is at that moment');
  await dialog.getByLabel('New name').fill('pgdata');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('New name').fill('uploads-test');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'uploads-test' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'index.json' })).toBeVisible();
  await new WindowPage(page).menuAction('Empty…');
  const empty = page.getByRole('dialog', { name: 'Empty uploads-test?' });
  await expect(empty).toContainText('4 files, 135 bytes');
  await empty.getByRole('button', { name: 'Empty', exact: true }).click();
  await expect(page.getByText('This folder is empty')).toBeVisible();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Volumes' }).click();
  await page.getByRole('button', { name: /^Trash/ }).click();
  await page.getByRole('button', { name: 'Restore' }).click();
  const restore = page.getByRole('dialog', { name: 'Restore uploads-test' });
  await restore.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('heading', { name: 'uploads-test-restored' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'index.json' })).toBeVisible();
});

test('an export is an archive that an import makes the same volume of', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  const download = page.waitForEvent('download');
  await row(page, 'uploads').getByRole('button', { name: 'Export…' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('uploads.tar');
  const archive = await readFile(await file.path());
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a volume' });
  await dialog.getByLabel('Archive').setInputFiles({
    name: 'uploads.tar',
    mimeType: 'application/x-tar',
    buffer: archive,
  });
  await expect(dialog.getByLabel('Name')).toHaveValue('uploads');
  await expect(dialog.getByRole('alert')).toHaveText('There is a volume “uploads” already.');
  await dialog.getByLabel('Name').fill('uploads-2');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'uploads-2' })).toBeVisible();
  await page.getByRole('button', { name: '2026' }).click();
  await expect(page.getByRole('button', { name: 'readme.txt' })).toBeVisible();
});

test('what is no archive is refused, and there is no volume of it', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a volume' });
  await dialog.getByLabel('Archive').setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('not an archive '.repeat(100)),
  });
  await dialog.getByLabel('Name').fill('notes');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(row(page, 'notes')).toHaveCount(0);
});

test('unused volumes go for good together, named ones only when asked, to the byte', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  await page.getByRole('button', { name: 'Delete unused volumes…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete unused volumes?' });
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('checkbox', { name: 'Those with a name as well' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(3);
  await expect(dialog).toContainText('0 bytes are freed.');
  await dialog.getByRole('button', { name: 'Delete 3 volumes' }).click();
  await expect(page.getByText('3 volumes deleted, 0 B freed')).toBeVisible();
  await expect(names(page)).toHaveText(['pgdata', 'uploads']);
});

import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

test('lists what the engine has, running ones first', async ({ open }) => {
  const page = await open();
  const rows = grid(page).getByRole('row');
  await expect(rows).toHaveCount(1 + 22);
  await expect(rows.nth(2)).toContainText('Running');
  await expect(rows.last()).not.toContainText('Running');
  const window = new WindowPage(page);
  await expect(window.row('clickhouse')).toContainText('OOM killed, 137');
  await expect(window.row('preview')).toContainText('Failed to start');
  await expect(window.row('worker')).toContainText('Exited 1');
});

test('the list follows what happens', async ({ open }) => {
  const page = await open();
  const window = new WindowPage(page);
  await window.row('worker').getByRole('button', { name: 'Start' }).click();
  await expect(window.row('worker')).toContainText('Running');
  await window.row('worker').getByRole('button', { name: 'Stop' }).click();
  await expect(window.row('worker')).toContainText('Stopped, TERM');
});

test('five thousand containers are a list like any other', async ({ open }) => {
  const page = await open({ scenario: 'many' });
  await expect(page.getByRole('link', { name: 'job-0000' })).toBeVisible();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '5001');
  await grid(page).focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('link', { name: 'job-4999' })).toBeVisible();
  expect(await grid(page).getByRole('row').count()).toBeLessThan(100);
});

test('"/" goes to the search, which finds by name, image and label', async ({ open }) => {
  const page = await open();
  await expect(page.getByRole('link', { name: 'web' })).toBeVisible();
  await page.keyboard.press('/');
  const search = page.getByRole('searchbox', { name: 'Filter containers' });
  await expect(search).toBeFocused();
  await search.fill('postgres');
  await expect(names(page)).toHaveText(['db', 'pg-dump']);
  await search.fill('team=shop nginx');
  await expect(names(page)).toHaveText(['web']);
  await search.fill('nothing like this');
  await expect(page.getByText('Nothing matches “nothing like this”.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect(names(page)).toHaveCount(22);
});

test('the filter shows the stopped or the running only, with their number', async ({ open }) => {
  const page = await open();
  await page.getByRole('radio', { name: /^Stopped/ }).click();
  await expect(names(page)).toHaveCount(8);
  await page.getByRole('radio', { name: /^Running/ }).click();
  await expect(names(page)).toHaveCount(13);
  await expect(page.getByRole('radio', { name: /^All/ })).toContainText('22');
});

test('what needs a look is told in the list: health, a pause, a crash loop with its next try', async ({
  open,
}) => {
  const page = await open();
  const window = new WindowPage(page);
  await expect(window.row('search')).toContainText('Unhealthy');
  await expect(window.row('gateway')).toContainText('Healthy');
  await expect(window.row('thumbnails')).toContainText('Crash-looping');
  await expect(window.row('thumbnails')).toContainText(/retry in \d+ s/);
  await page.getByRole('radio', { name: /^In trouble/ }).click();
  await expect(names(page)).toHaveText(['thumbnails', 'search', 'worker', 'preview', 'clickhouse']);
  await page.getByRole('radio', { name: /^Paused/ }).click();
  await expect(names(page)).toHaveText(['metabase']);
  await window.row('metabase').getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('There is nothing in this filter.')).toBeVisible();
});

test('what runs has its load and its memory in the row, and they move', async ({ open }) => {
  const page = await open();
  const cpu = new WindowPage(page).row('web').getByText(/^\d+\.\d%$/);
  const first = await cpu.textContent();
  await expect(new WindowPage(page).row('web')).toContainText('128 MiB');
  await expect.poll(() => cpu.textContent()).not.toBe(first);
  await expect(new WindowPage(page).row('worker').getByRole('meter')).toHaveCount(0);
});

test('a column sorts, and sorts the other way', async ({ open }) => {
  const page = await open();
  const byName = page.getByRole('columnheader', { name: 'Name' });
  await byName.getByRole('button').click();
  await expect(byName).toHaveAttribute('aria-sort', 'ascending');
  await expect(names(page).first()).toHaveText('api');
  await byName.getByRole('button').click();
  await expect(byName).toHaveAttribute('aria-sort', 'descending');
  await expect(names(page).first()).toHaveText('worker');
});

test('everything is done by keys: arrows, Space, Shift, Enter, Delete, Escape', async ({ open }) => {
  const page = await open();
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('Control+a');
  await expect(page.getByText('22 selected')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('selected')).toBeHidden();

  await page.keyboard.press('Home');
  const first = (await names(page).first().textContent()) ?? '';
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog', { name: 'Delete container?' })).toContainText(first);
  await expect(page.getByRole('button', { name: 'Cancel' }).last()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(grid(page)).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Overview' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toContainText(first);
});

test('of many that are deleted, the one that fails stays selected, and its reason is told', async ({
  open,
}) => {
  const page = await open();
  for (const name of ['db', 'grafana', 'registry-mirror']) {
    await page.getByRole('checkbox', { name: `Select ${name}` }).click();
  }
  await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete 3 containers' }).click();
  const toast = page.getByRole('alert');
  await expect(toast).toContainText('2 deleted, 1 failed');
  await expect(toast).toContainText('Those that failed are still selected.');
  await toast.getByRole('button', { name: 'Details', exact: true }).click();
  await expect(toast).toContainText('registry-mirror: The files of "registry-mirror" are still in use.');
  await expect(names(page)).toHaveCount(20);
  await expect(page.getByRole('checkbox', { name: 'Select registry-mirror' })).toBeChecked();
  await expect(page.getByText('1 selected')).toBeVisible();
});

test('a failure of one is a message with what to do, until it is dismissed', async ({ open }) => {
  const page = await open();
  await page.getByRole('link', { name: 'registry-mirror' }).click();
  await new WindowPage(page).menuAction('Delete…');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  const toast = page.getByRole('alert');
  await expect(toast).toContainText('still in use');
  await expect(toast).toContainText('Close what has them open, and delete it again.');
  await toast.getByRole('button', { name: 'Details', exact: true }).click();
  await expect(toast).toContainText('EBUSY');
  await toast.getByRole('button', { name: 'Dismiss' }).click();
  await expect(toast).toBeHidden();
});

function grid(page: Page) {
  return page.getByRole('grid', { name: 'Containers' });
}

function names(page: Page) {
  return grid(page).getByRole('link').and(page.locator('.list-name'));
}

import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

test('the charts move while they are looked at, show the limits, and stop with the container', async ({
  open,
}) => {
  const page = await open();
  await openTab(page, 'gateway', 'Stats');
  for (const title of ['Processor', 'Memory', 'Network', 'Disk', 'Processes and threads']) {
    await expect(page.getByRole('region', { name: title, exact: true }).getByRole('img')).toBeVisible();
  }
  await expect(page.getByRole('region', { name: 'Memory', exact: true })).toContainText('Limit 256 MiB');
  const cpu = page.getByRole('region', { name: 'Processor', exact: true }).getByRole('img');
  await expect(cpu).toHaveAccessibleName(/^Processor, last minute: \d+\.\d% of one processor$/);
  const first = await cpu.getAttribute('aria-label');
  await expect.poll(() => cpu.getAttribute('aria-label')).not.toBe(first);
  await cpu.hover();
  await expect(page.getByText(/^The numbers are of /)).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText('Nothing to measure')).toBeVisible();
});

test('the processes have their load after a moment, and sort by it', async ({ open }) => {
  const page = await open();
  await openTab(page, 'web', 'Processes');
  const table = page.getByRole('region', { name: 'Processes of web' });
  await expect(table.getByRole('row')).toHaveCount(1 + 5);
  await expect(table.getByRole('row').nth(5)).toContainText(/\d+\.\d%/);
  const byLoad = table.getByRole('columnheader', { name: 'CPU', exact: true });
  await byLoad.getByRole('button').click();
  await byLoad.getByRole('button').click();
  await expect(byLoad).toHaveAttribute('aria-sort', 'descending');
  await expect(table.getByRole('row').nth(1)).toContainText('31');
});

test('the changed files are shown by kind and by a part of their path', async ({ open }) => {
  const page = await open();
  await openTab(page, 'web', 'Changed files');
  const list = page.getByRole('region', { name: 'What differs from the image' });
  await expect(page.getByRole('radio', { name: /^All/ })).toContainText('2,007');
  expect(await list.getByRole('listitem').count()).toBeLessThan(100);
  await page.getByRole('radio', { name: /^Deleted/ }).click();
  await expect(list.getByRole('listitem')).toHaveText(['DDeleted/tmp/setup.log']);
  await page.keyboard.press('/');
  await page.keyboard.type('nothing like this');
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect(page.getByRole('radio', { name: /^All/ })).toBeChecked();
});

test('a container as its image made it has no changed files', async ({ open }) => {
  const page = await open();
  await openTab(page, 'hello', 'Changed files');
  await expect(page.getByText('Its files are those of its image')).toBeVisible();
});

test('the events are those that were, and those that come', async ({ open }) => {
  const page = await open();
  await openTab(page, 'search', 'Events');
  const events = page.getByRole('region', { name: 'Events of search' }).getByRole('listitem');
  await expect(events.first()).toContainText('Became unhealthy');
  await expect(events.last()).toContainText('Created');
  await new WindowPage(page).menuAction('Pause');
  await expect(events.first()).toContainText('Paused');
  await new WindowPage(page).menuAction('Resume');
  await expect(events.first()).toContainText('Resumed');
});

async function openTab(page: Page, container: string, tab: string): Promise<void> {
  await page.getByRole('link', { name: container, exact: true }).click();
  await page.getByRole('tab', { name: tab, exact: true }).click();
}

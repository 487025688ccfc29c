import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

test('a log of forty thousand lines is read back to its beginning, and forth to its end', async ({
  open,
}) => {
  const page = await openLog(await open(), 'redpanda');
  const log = new WindowPage(page).log('redpanda');
  await expect(log).toContainText('line 40000 of 40000');
  await log.click();

  await page.keyboard.press('Home');
  await expect(firstRow(page)).toContainText('line 20001 of 40000');
  await page.keyboard.press('ArrowUp');
  await expect(firstRow(page)).toContainText('line 20000 of 40000');

  for (const first of [15_001, 10_001]) {
    await page.keyboard.press('Home');
    await expect(firstRow(page)).toContainText(`line ${first} of 40000`);
  }
  await page.keyboard.press('Home');
  await expect(firstRow(page)).toContainText('line 5001 of 40000');
  await expect(page.getByText('Reading older lines…')).toBeHidden();
  await page.keyboard.press('Home');
  await expect(log).toContainText('Beginning of the log');
  await expect(log).toContainText('line 1 of 40000');

  await page.getByRole('button', { name: 'To the end' }).click();
  await expect(log).toContainText('line 40000 of 40000');
  await expect(page.getByRole('button', { name: 'To the end' })).toBeHidden();
});

test('who reads on downwards from the beginning misses no line', async ({ open }) => {
  const page = await openLog(await open(), 'redpanda');
  const log = new WindowPage(page).log('redpanda');
  await expect(log).toContainText('line 40000 of 40000');
  await log.click();
  for (const first of [20_001, 15_001, 10_001, 5_001]) {
    await page.keyboard.press('Home');
    await expect(firstRow(page)).toContainText(`line ${first} of 40000`);
  }
  // The piece in memory ends at line 25,000 now; the next begins where it ended.
  await expect(page.getByText('Reading older lines…')).toBeHidden();
  const rows = await page.locator('.xterm-rows > div').count();
  for (let row = rows; row < 20_000; row += rows - 1) await page.keyboard.press('PageDown');
  await expect(lastRow(page)).toContainText('line 25000 of 40000');
  await page.keyboard.press('ArrowDown');
  await expect(lastRow(page)).toContainText('line 25001 of 40000');
});

test('a short log has its beginning marked as soon as someone looks for it', async ({ open }) => {
  const page = await openLog(await open(), 'clickhouse');
  const log = new WindowPage(page).log('clickhouse');
  await expect(log).toContainText('/api/');
  await log.click();
  // A key that comes while lines are being painted is as good as none, to a person too.
  await expect(async () => {
    await page.keyboard.press('Home');
    await expect(log).toContainText('Beginning of the log', { timeout: 1_000 });
  }).toPass();
});

function firstRow(page: Page) {
  return page.locator('.xterm-rows > div').first();
}

function lastRow(page: Page) {
  return page.locator('.xterm-rows > div').last();
}

async function openLog(page: Page, container: string): Promise<Page> {
  await page.getByRole('link', { name: container, exact: true }).click();
  await page.getByRole('tab', { name: 'Logs' }).click();
  return page;
}

import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Builds' });

async function startBuild(page: Page, target = ''): Promise<void> {
  await page.getByRole('button', { name: 'Build image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Build image' });
  await dialog.getByLabel('Folder', { exact: true }).fill('/home/ada/shop');
  await dialog.getByLabel('Tags').fill('shop/web:2');
  await dialog.getByLabel('Target').fill(target);
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
}

test('lists the builds with what became of them, and finds them', async ({ open }) => {
  const page = await open({ page: 'builds' });
  await expect(new WindowPage(page).row('shop/web:1.4')).toContainText('Built');
  await expect(new WindowPage(page).row('shop/worker:1.4')).toContainText('Failed');
  await page.getByRole('radio', { name: /^Failed/ }).click();
  await expect(grid(page).getByRole('link')).toHaveText(['shop/worker:1.4']);
  await page.getByRole('searchbox', { name: 'Filter builds' }).fill('web');
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect(grid(page).getByRole('link')).toHaveCount(2);
});

test('a build shows its graph, why each step ran, and the log of the step that runs', async ({ open }) => {
  const page = await open({ page: 'builds' });
  await startBuild(page);
  await expect(page.getByRole('heading', { name: 'shop/web:2' })).toBeVisible();
  const table = page.getByRole('table', { name: 'Steps' });
  await expect(table.getByRole('row')).toHaveCount(7);
  await expect(table.getByRole('row').nth(1)).toContainText('Cached');
  await expect(table.getByRole('row').nth(3)).toContainText('src/main.ts has changed');
  await expect(page.getByRole('log')).toContainText('added 214 packages');
  await expect(page.getByText('Built', { exact: true })).toBeVisible();
  await table.getByRole('button', { name: 'FROM node:20 AS build' }).click();
  await expect(page.getByText('Taken from the cache')).toBeVisible();
  await page.getByRole('tab', { name: 'Result' }).click();
  await expect(page.getByRole('region', { name: 'Size by step' })).toContainText('RUN npm ci');
  await page.getByRole('tab', { name: /^Checks/ }).click();
  await expect(page.getByRole('list', { name: 'Warnings' })).toContainText('FROM node:20 as build');
});

test('a build that fails shows the step and the reason, and one can be cancelled', async ({ open }) => {
  const page = await open({ page: 'builds' });
  await startBuild(page, 'broken');
  await expect(page.getByRole('alert')).toContainText('The command "npm run build" ended with 1.');
  await expect(page.getByText('Failed', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Build again…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Build image' });
  await expect(dialog.getByLabel('Folder', { exact: true })).toHaveValue('/home/ada/shop');
  await dialog.getByLabel('Target').fill('');
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel build' }).click();
  await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();
});

test('the form says what is wrong, checks the Dockerfile, and takes files of the page', async ({ open }) => {
  const page = await open({ page: 'builds' });
  await page.getByRole('button', { name: 'Build image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Build image' });
  const build = dialog.getByRole('button', { name: 'Build', exact: true });
  await expect(build).toBeDisabled();
  await dialog.getByLabel('Folder', { exact: true }).fill('shop');
  await expect(dialog.getByRole('alert')).toContainText('written from the root on');
  await dialog.getByLabel('Folder', { exact: true }).fill('/home/ada/shop');
  await dialog.getByLabel('Platform').fill('pdp-11');
  await expect(dialog.getByRole('alert')).toContainText('linux/arm64');
  await dialog.getByLabel('Platform').fill('linux/arm64');
  await expect(dialog.getByTestId('command-line')).toHaveText(
    'longshore build --platform linux/arm64 /home/ada/shop',
  );
  await dialog.getByRole('button', { name: 'Check Dockerfile' }).click();
  await expect(dialog.getByRole('list', { name: 'Warnings' })).toContainText('line 1');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('builds leave the history, and the cache can be cleared', async ({ open }) => {
  const page = await open({ page: 'builds' });
  await page.getByRole('checkbox', { name: 'Select shop/worker:1.4' }).click();
  await page.getByRole('button', { name: 'Remove from history' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(grid(page).getByRole('link')).toHaveText(['shop/web:1.4']);
  await page.getByRole('button', { name: 'Clear build cache…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Clear build cache?' });
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('checkbox', { name: 'Also what images here were made from' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Clear 2 entries' }).click();
  await expect(page.getByText(/2 entries cleared/)).toBeVisible();
});

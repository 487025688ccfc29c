import { expect } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';

const PART_FAILED = /Failed to load resource|PartNotLoaded|dynamically imported module/;

test('what is typed right after Ctrl+K is searched for', async ({ open }) => {
  const page = await open();
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => /palette-.*\.js/.test(name)),
  );
  await expect(page.getByRole('link', { name: 'web', exact: true })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('volumes unused');
  await expect(page.getByRole('combobox')).toHaveValue('volumes unused');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Delete unused volumes?' })).toBeVisible();
});

test('a page whose code fails to come once is loaded again by itself', async ({ open }) => {
  const page = await open({ expectedFaults: PART_FAILED });
  let asked = 0;
  await page.route(/stats-tab-.*\.js/, (route) => (++asked === 1 ? route.abort() : route.continue()));
  await page.getByRole('link', { name: 'web', exact: true }).click();
  await page.getByRole('tab', { name: 'Stats' }).click();
  await expect(page.getByRole('heading', { name: 'Memory' })).toBeVisible();
  expect(asked).toBe(2);
});

test('a page whose code does not come says so, and comes when it is tried again', async ({ open }) => {
  const page = await open({ expectedFaults: PART_FAILED });
  const part = /stats-tab-.*\.js/;
  await page.route(part, (route) => route.abort());
  await page.getByRole('link', { name: 'web', exact: true }).click();
  await page.getByRole('tab', { name: 'Stats' }).click();
  await expect(page.getByText('This part of the window could not be loaded')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Reload the window' })).toBeVisible();
  await page.unroute(part);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Memory' })).toBeVisible();
});

test('a dialog whose code does not come can be closed, and opens the next time', async ({ open }) => {
  const page = await open({ page: 'networks', expectedFaults: PART_FAILED });
  const part = /create-network-dialog-.*\.js/;
  await page.route(part, (route) => route.abort());
  await page.getByRole('button', { name: 'Create network' }).click();
  const words = page.getByRole('dialog', { name: 'Longshore' });
  await expect(words).toContainText('This part of the window could not be loaded');
  await words.getByRole('button', { name: 'Close' }).click();
  await page.unroute(part);
  await page.getByRole('button', { name: 'Create network' }).click();
  await expect(page.getByRole('dialog', { name: 'Create network' })).toBeVisible();
});

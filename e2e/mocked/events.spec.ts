import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Events' });
const row = (page: Page, text: string) => grid(page).getByRole('row').filter({ hasText: text });
const panel = (page: Page) => page.getByRole('complementary', { name: 'Event' });

/** Something happens on the fake machine. */
const happen = (page: Page, action: string) =>
  page.evaluate(`fakeWorld.say(fakeWorld.container('web'), '${action}')`);

test('tells what happened, and what happens, newest first', async ({ open }) => {
  const page = await open({ page: 'events' });
  await expect(row(page, 'Became unhealthy')).toContainText('search');
  await expect(row(page, 'Out of memory')).toContainText('clickhouse');
  await happen(page, 'pause');
  await expect(grid(page).getByRole('row').nth(1)).toContainText('Paused');
});

test('is filtered by type, action, object and text', async ({ open }) => {
  const page = await open({ page: 'events' });
  await page.getByRole('radio', { name: 'Networks' }).click();
  await expect(row(page, 'Container connected')).toBeVisible();
  await expect(row(page, 'Became unhealthy')).toBeHidden();
  await page.getByRole('radio', { name: 'Containers' }).click();
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'die', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(grid(page).getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/type=container&actions=die/);
  await page.keyboard.press('/');
  await page.keyboard.type('no such thing');
  await expect(page.getByText('Nothing matches “no such thing”.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect(row(page, 'Image')).not.toHaveCount(0);
});

test('an event has details, and leads to its object and to all of its events', async ({ open }) => {
  const page = await open({ page: 'events' });
  await grid(page).focus();
  await page.keyboard.press('End');
  await row(page, 'curl -s').click();
  await expect(panel(page)).toContainText('container exec_start');
  await panel(page).getByRole('button', { name: 'Only events of search' }).click();
  await expect(row(page, 'clickhouse')).toHaveCount(0);
  await row(page, 'Created').click();
  await expect(panel(page)).toContainText('INDEX_TOKEN');
  await expect(panel(page)).not.toContainText('not for eyes');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'search' })).toBeVisible();
});

test('stands still when it is paused, and goes on', async ({ open }) => {
  const page = await open({ page: 'events' });
  await page.getByRole('button', { name: 'Pause' }).click();
  await happen(page, 'commit');
  await page.getByRole('button', { name: '1 new event' }).click();
  await expect(row(page, 'Made into an image')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveAttribute('aria-pressed', 'false');
});

test('stands still while somebody reads further down', async ({ open }) => {
  const page = await open({ page: 'events' });
  await grid(page).focus();
  await page.keyboard.press('End');
  await happen(page, 'commit');
  await expect(page.getByRole('button', { name: '1 new event' })).toBeVisible();
  await expect(row(page, 'Made into an image')).toHaveCount(0);
});

test('is cleared, and what was before can be had back', async ({ open }) => {
  const page = await open({ page: 'events' });
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await expect(page.getByText('The list is clear')).toBeVisible();
  await happen(page, 'commit');
  await expect(grid(page).getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await page.getByRole('button', { name: 'Show what was before' }).click();
  await expect(row(page, 'Became unhealthy')).toBeVisible();
});

test('keeps thousands of events light', async ({ open }) => {
  const page = await open({ page: 'events' });
  await page.evaluate(
    `for (let i = 0; i < 4000; i++) fakeWorld.say(fakeWorld.container('web'), 'exec_start', { execID: String(i) })`,
  );
  await expect(grid(page)).toHaveAttribute('aria-rowcount', /^40\d\d$/);
  expect(await grid(page).getByRole('row').count()).toBeLessThan(80);
});

test('nothing yet, and no engine', async ({ open }) => {
  await expect(
    (await open({ page: 'events', scenario: 'empty' })).getByText('Nothing has happened yet'),
  ).toBeVisible();
  const lost = await open({ page: 'events', scenario: 'lost' });
  await expect(lost.getByText('No connection to the engine')).toBeVisible();
});

test('is found by the palette', async ({ open }) => {
  const page = await open();
  await expect(page.getByRole('link', { name: 'web', exact: true })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toBeFocused();
  await page.keyboard.type('go to events');
  await page.keyboard.press('Enter');
  await expect(grid(page)).toBeVisible();
});

import { expect } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';

test('an empty machine offers something to start with, and it runs', async ({ open }) => {
  const page = await open({ scenario: 'empty' });
  await expect(page.getByText('No containers yet')).toBeVisible();
  await page.getByRole('article', { name: 'busybox' }).getByRole('button', { name: 'Run' }).click();
  await expect(page.getByRole('tab', { selected: true })).toBeVisible();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Containers' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'busybox' })).toContainText('Running');
});

test('while the engine does not answer, the place of the list is kept, and the waiting is told', async ({
  open,
}) => {
  const page = await open({ scenario: 'slow' });
  const waiting = page.getByRole('status', { name: 'Loading containers' });
  await expect(waiting).toBeVisible();
  await expect(waiting).toContainText(/Still waiting for the engine, \d+ s/);
});

test('an engine that cannot be reached is told, and asked again at once on demand', async ({ open }) => {
  const page = await open({ scenario: 'lost' });
  await expect(page.getByText('No connection to the engine')).toBeVisible();
  await expect(page.getByText('Containers that run keep running meanwhile.')).toBeVisible();
  await expect(page.getByText('Engine not reachable')).toBeVisible();
  await page.getByRole('button', { name: 'Connect now' }).click();
  await expect(page.getByText('No connection to the engine')).toBeVisible();
});

test('an engine that goes away leaves the list in sight, and is found again by itself', async ({ open }) => {
  const page = await open();
  const row = page.getByRole('row').filter({ hasText: 'clickhouse' });
  await expect(page.getByText('Engine running')).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.getByText('Engine not reachable')).toBeVisible();
  await expect(row).toBeVisible();
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('Containers that run keep running meanwhile.');
  await expect(page.getByRole('button', { name: 'Connect now' })).toHaveCount(1);
  await page.context().setOffline(false);
  await expect(page.getByText('Engine running')).toBeVisible();
  await expect(notice).toBeHidden();
  await row.getByRole('button', { name: 'Start' }).click();
  await expect(row).toContainText('Running');
});

test('an agent that cannot start says why and how to mend it, and starts on demand', async ({ open }) => {
  const page = await open({ scenario: 'no-agent' });
  const containers = page.getByRole('region', { name: 'Containers' });
  await expect(containers).toContainText('The agent needs root rights and could not be started.');
  await expect(containers).toContainText('sudo longshore setup');
  await expect(page.getByText('The agent needs root rights')).toHaveCount(1);
  await page.getByRole('button', { name: 'Start agent' }).click();
  await expect(page.getByText('Engine running')).toBeVisible();
  await expect(page.getByText('No containers yet')).toBeVisible();
});

test('an engine that starts says at what it is', async ({ open }) => {
  const page = await open({ scenario: 'starting' });
  await expect(page.getByText('Now: waiting for the agent')).toBeVisible();
});

test('the theme follows the system, until a person chooses one that is kept', async ({ open }) => {
  const page = await open({ colorScheme: 'light' });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await expect(page.getByRole('link', { name: 'web', exact: true })).toBeVisible();
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Light' }).click();
  await expect.poll(background).toBe(light);
  await page.reload();
  await expect.poll(background).toBe(light);
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click();
  await expect.poll(background).toBe(dark);
});

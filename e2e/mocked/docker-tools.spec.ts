import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';

const card = (page: Page, name: string) => page.getByRole('region', { name });

test('the settings tell where the Docker API is, and whether it answers', async ({ open }) => {
  const page = await open({ page: 'settings' });
  await page.getByRole('tab', { name: 'Docker tools' }).click();
  await expect(card(page, 'Docker API')).toContainText('Answers');
  await expect(card(page, 'Docker API')).toContainText('unix:///run/longshore/docker.sock');
  await expect(card(page, 'Docker API')).toContainText('1.51');
});

test('a socket that is silent says why', async ({ open }) => {
  const page = await open({ page: 'settings/docker', scenario: 'no-agent' });
  await expect(card(page, 'Docker API')).toContainText('Does not answer');
  await expect(card(page, 'Docker API')).toContainText('Nobody answers on /run/longshore/docker.sock.');
});

test('the context is installed, used, and removed', async ({ open }) => {
  const page = await open({ page: 'settings/docker' });
  const context = card(page, 'Context of docker’s command line');
  await expect(context).toContainText('is not there');
  await context.getByRole('button', { name: 'Install context' }).click();
  await expect(context).toContainText('“longshore” leads to this engine');
  const use = context.getByRole('checkbox', { name: 'docker uses this engine by itself' });
  await expect(use).not.toBeChecked();
  await use.click();
  await expect(use).toBeChecked();
  await context.getByRole('button', { name: 'Remove context' }).click();
  await expect(context).toContainText('is not there');
  await expect(use).not.toBeChecked();
});

test('lines for the terminal go by the shell', async ({ open }) => {
  const page = await open({ page: 'settings/terminal' });
  const terminal = card(page, 'This terminal');
  await expect(terminal).toContainText('export DOCKER_HOST=unix:///run/longshore/docker.sock');
  await page.getByRole('radio', { name: 'fish' }).click();
  await expect(terminal).toContainText('set -gx DOCKER_HOST unix:///run/longshore/docker.sock');
  await page.getByRole('radio', { name: 'PowerShell' }).click();
  await expect(card(page, 'From another computer')).toContainText(
    "$env:DOCKER_HOST = 'tcp://127.0.0.1:2375'",
  );
});

test('a dialog shows what it does as a docker command, and says what docker has no flag for', async ({
  open,
}) => {
  const page = await open({ page: 'images' });
  await page.getByRole('button', { name: 'Pull image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pull image' });
  await dialog.getByLabel('Image', { exact: true }).fill('r.example/app:1');
  await expect(dialog.getByTestId('command-line')).toHaveText('longshore pull r.example/app:1');
  await dialog.getByRole('radio', { name: 'docker' }).click();
  await expect(dialog.getByTestId('command-line')).toHaveText('docker pull r.example/app:1');
  await dialog.getByRole('checkbox', { name: /Plain HTTP/ }).click();
  await expect(dialog.getByText(/docker has no flag for an unencrypted registry/)).toBeVisible();
  await page.keyboard.press('Escape');
  // The program is remembered, also by dialogs that only ask whether.
  await page.goto(page.url().replace('#/images', '#/volumes'));
  await page.getByRole('button', { name: 'Delete unused volumes…' }).click();
  await expect(page.getByRole('dialog').getByTestId('command-line')).toHaveText('docker volume prune -f');
});

test('what docker has no command for is said', async ({ open }) => {
  const page = await open({ page: 'volumes' });
  await page.getByRole('button', { name: 'More actions' }).first().click();
  await page.getByRole('menuitem', { name: 'Clone' }).click();
  await page.getByRole('dialog').getByRole('radio', { name: 'docker' }).click();
  await expect(page.getByRole('dialog')).toContainText('docker has no command for this.');
});

test('the menu of a container copies docker commands', async ({ open }) => {
  const page = await open();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'web', exact: true }) });
  await row.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy as docker command' }).press('ArrowRight');
  await page.getByRole('menuitem', { name: 'docker exec -it web sh' }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('docker exec -it web sh');
});

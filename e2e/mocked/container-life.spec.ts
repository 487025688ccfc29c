import { expect, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

test('the overview tells each setting that is not the default, in groups', async ({ open }) => {
  const page = await open();
  await show(page, 'gateway');
  const card = (title: string) => page.getByRole('region', { name: title, exact: true });
  await expect(card('Limits')).toContainText('Memory and swap256 MiB');
  await expect(card('Limits')).toContainText('/dev/nvme0n150 MiB/s written');
  await expect(card('Limits')).toContainText('nofile65536:65536');
  await expect(card('Security')).toContainText('Dropped rightsALL');
  await expect(card('Security')).toContainText('Read-only filesYes');
  await expect(card('Devices and kernel settings')).toContainText('net.core.somaxconn4096');
  await expect(card('Network')).toContainText('Known hostsupstream:172.30.0.9');
  await expect(card('State')).toContainText('RestartUnless stopped (restarted once)');
  await page.getByRole('link', { name: 'Containers' }).first().click();
  await show(page, 'grafana');
  await expect(card('Limits')).toContainText('It may use all that the machine has.');
  await expect(card('Security')).toBeHidden();
});

test('the health check is told with what its last runs printed', async ({ open }) => {
  const page = await open();
  await show(page, 'search');
  const health = page.getByRole('region', { name: 'Health check' });
  await expect(health.getByRole('listitem')).toHaveCount(5);
  await expect(health.getByRole('listitem').first()).toContainText('Did not end in time');
  await expect(health.getByRole('listitem').nth(1)).toContainText('Failed with exit code 7');
  await expect(health.getByRole('listitem').nth(1)).toContainText('Could not connect to server');
  await expect(health.getByRole('listitem').last()).toContainText('Passed');
  await expect(health).toContainText('In a row4 failures');
});

test('a crash loop says how often, when it is tried again, and can be ended', async ({ open }) => {
  const page = await open();
  await show(page, 'thumbnails');
  const why = page.getByRole('region', { name: 'Why is it crash-looping?' });
  await expect(why).toContainText('8 times in a row');
  await expect(why).toContainText(/Next try.*in \d+ s/);
  await why.getByRole('button', { name: 'Stop trying' }).click();
  await expect(why).toBeHidden();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
});

test('a start that failed says at which step and with which error of the kernel', async ({ open }) => {
  const page = await open();
  await show(page, 'preview');
  const why = page.getByRole('region', { name: 'Why did it not start?' });
  await expect(why).toContainText('Failing stepexec');
  await expect(why).toContainText('Path/app/preview.sh');
  await expect(why).toContainText('Error of the kernelENOENT');
});

test('limits change while it runs; what the engine refuses stays in the dialog', async ({ open }) => {
  const page = await open();
  await show(page, 'db');
  await page.getByRole('region', { name: 'Limits' }).getByRole('button', { name: 'Change…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Limits of db' });
  const memory = dialog.getByRole('group', { name: 'Memory' }).getByLabel('Limit');
  const change = dialog.getByRole('button', { name: 'Change', exact: true });
  await expect(memory).toBeFocused();
  await expect(memory).toHaveValue('1024');
  await expect(change).toBeDisabled();
  await memory.fill('5');
  await expect(dialog.getByRole('alert')).toHaveText(/at least 6/);
  await memory.fill('16');
  await change.click();
  await expect(dialog).toContainText('below what the container uses now');
  await memory.fill('2048');
  await dialog.getByRole('radio', { name: 'On failure' }).click();
  await dialog.getByLabel('How often at most').fill('3');
  await expect(dialog.getByTestId('command-line')).toHaveText(
    'longshore update --memory 2048m --restart on-failure:3 db',
  );
  await change.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('region', { name: 'Limits' })).toContainText('2 GiB');
  await expect(page.getByRole('region', { name: 'State' })).toContainText('On failure, at most 3 times');
});

test('a container out of memory has the step to more of it beside the reason', async ({ open }) => {
  const page = await open();
  await show(page, 'clickhouse');
  await page.getByRole('button', { name: 'Give it more memory…' }).click();
  await expect(page.getByRole('dialog', { name: 'Limits of clickhouse' })).toBeVisible();
});

test('a pause and its end, from the menu and from the page', async ({ open }) => {
  const page = await open();
  await show(page, 'web');
  await new WindowPage(page).menuAction('Pause');
  await expect(page.getByText('Paused')).toHaveCount(2);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('Paused')).toHaveCount(0);
});

test('an image is made of a container, and is a click away', async ({ open }) => {
  const page = await open();
  await show(page, 'web');
  await new WindowPage(page).menuAction('Make an image…');
  const dialog = page.getByRole('dialog', { name: 'Make an image of web' });
  await dialog.getByLabel('Name').fill('Not A Name');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Name').fill('shop/web');
  await expect(dialog).toContainText('The image will be called shop/web:latest.');
  await dialog.getByLabel('Message').fill('as it runs');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The image shop/web:latest is made')).toBeVisible();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByRole('heading', { name: /shop\/web/ })).toBeVisible();
});

test('the files are exported into one archive', async ({ open }) => {
  const page = await open();
  await show(page, 'web');
  const download = page.waitForEvent('download');
  await new WindowPage(page).menuAction('Export files…');
  const file = await download;
  expect(file.suggestedFilename()).toBe('web.tar');
  const bytes = await readFile(await file.path());
  expect(bytes.length).toBe(4 * 512);
  expect(bytes[3 * 512]).toBe(3);
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('the stopped containers go together, after it was said which', async ({ open }) => {
  const page = await open();
  await page.getByRole('button', { name: 'Delete stopped containers…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete stopped containers?' });
  await expect(dialog.getByRole('listitem')).toHaveCount(8);
  await expect(dialog).toContainText('clickhouse');
  await expect(dialog.getByRole('button', { name: 'Cancel' }).last()).toBeFocused();
  await dialog.getByRole('button', { name: 'Delete 8 containers' }).click();
  await expect(page.getByText('8 containers deleted')).toBeVisible();
  await expect(page.getByRole('radio', { name: /^Stopped/ })).toContainText('0');
  await expect(page.getByRole('button', { name: 'Delete stopped containers…' })).toBeDisabled();
});

async function show(page: Page, container: string): Promise<void> {
  await page.getByRole('link', { name: container, exact: true }).click();
}

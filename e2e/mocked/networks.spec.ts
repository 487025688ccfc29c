import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Networks' });
const names = (page: Page) => grid(page).getByRole('link');

test('lists the networks, finds them by subnet and member, and sorts', async ({ open }) => {
  const page = await open({ page: 'networks' });
  await expect(names(page)).toHaveText(['lab', 'shop', 'shop-data', 'bridge', 'host', 'none']);
  await expect(new WindowPage(page).row('shop-data')).toContainText('172.32.0.0/24');
  await expect(new WindowPage(page).row('shop-data')).toContainText('api, db');
  await page.keyboard.press('/');
  await page.keyboard.type('172.31 worker');
  await expect(names(page)).toHaveText(['shop']);
  await page.getByRole('searchbox', { name: 'Filter networks' }).fill('nothing like this');
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await page.getByRole('radio', { name: /^Unused/ }).click();
  await expect(names(page)).toHaveText(['host', 'none']);
  await page.getByRole('radio', { name: /^All/ }).click();
  await grid(page).getByRole('button', { name: 'Name' }).click();
  await expect(names(page).first()).toHaveText('bridge');
});

test('a network is made once everything about it is right', async ({ open }) => {
  const page = await open({ page: 'networks' });
  await page.getByRole('button', { name: 'Create network' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create network' });
  const create = dialog.getByRole('button', { name: 'Create', exact: true });
  const v4 = dialog.getByRole('group', { name: 'IPv4' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await expect(create).toBeDisabled();
  await dialog.getByLabel('Name').fill('SHOP');
  await expect(dialog.getByRole('alert')).toHaveText('There is a network “shop” already.');
  await dialog.getByLabel('Name').fill('edge');
  const wrong: readonly (readonly [field: string, value: string, says: RegExp])[] = [
    ['Subnet', '172.31.4.0/24', /overlaps 172\.31\.0\.0\/16 of the network “shop”/],
    ['Subnet', '10.8.0.1/24', /begins at 10\.8\.0\.0\/24/],
    ['Subnet', '10.8.0', /written as/],
  ];
  for (const [field, value, says] of wrong) {
    await v4.getByLabel(field).fill(value);
    await expect(v4.getByRole('alert')).toHaveText(says);
    await expect(v4.getByLabel(field)).toHaveAttribute('aria-invalid', 'true');
    await expect(create).toBeDisabled();
  }
  await v4.getByLabel('Subnet').fill('10.8.0.0/24');
  await v4.getByLabel('Gateway').fill('10.9.0.1');
  await expect(v4.getByRole('alert')).toHaveText('It is not in 10.8.0.0/24.');
  await v4.getByLabel('Gateway').fill('10.8.0.1');
  await create.click();
  await expect(dialog).toContainText('overlaps 10.8.0.0/24, which tun0 reaches');
  await v4.getByLabel('Subnet').fill('10.77.0.0/24');
  await v4.getByLabel('Gateway').fill('');
  await dialog.getByRole('checkbox', { name: /Internal/ }).click();
  await expect(dialog.getByTestId('command-line')).toHaveText(
    'longshore network create --subnet 10.77.0.0/24 --internal edge',
  );
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Create network' }).click();
  await dialog.getByLabel('Name').fill('edge');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'edge', exact: true })).toBeVisible();
  await expect(page.getByText('No container is on it.')).toBeVisible();
});

test('containers come on a network and off it, and a mistake is undone', async ({ open }) => {
  const page = await open({ page: 'networks' });
  await names(page).filter({ hasText: 'shop-data' }).click();
  const members = page.getByRole('region', { name: 'Containers' });
  await expect(members.getByRole('link')).toContainText(['api', 'db']);
  await members.getByRole('button', { name: 'Connect container…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect a container' });
  const connect = dialog.getByRole('button', { name: 'Connect', exact: true });
  await dialog.getByLabel('Container').selectOption('api');
  await expect(dialog.getByRole('alert')).toHaveText('It is on this network already.');
  await dialog.getByLabel('Container').selectOption('grafana');
  await dialog.getByLabel('Address').fill('10.0.0.9');
  await expect(dialog.getByRole('alert')).toHaveText('This is no address of that network.');
  await expect(connect).toBeDisabled();
  await dialog.getByLabel('Address').fill('172.32.0.99');
  await dialog.getByLabel('Aliases').fill('charts');
  await expect(dialog.getByTestId('command-line')).toHaveText(
    'longshore network connect --alias charts --ip 172.32.0.99 shop-data grafana',
  );
  await connect.click();
  const grafana = members.getByRole('row').filter({ hasText: 'grafana' });
  await expect(grafana).toContainText('172.32.0.99');
  await expect(grafana).toContainText('charts');
  await grafana.getByRole('button', { name: 'Disconnect grafana' }).click();
  await expect(grafana).toHaveCount(0);
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(grafana).toContainText('charts');
});

test('a network in use stays and says why; an unused one goes, and all unused ones together', async ({
  open,
}) => {
  const page = await open({ page: 'networks' });
  await page.getByRole('checkbox', { name: 'Select shop', exact: true }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete network?' });
  await expect(dialog).toContainText('api, web, worker');
  await expect(dialog.getByRole('button', { name: 'Cancel' }).last()).toBeFocused();
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('The network "shop" is in use by api, web.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('button', { name: 'Delete unused networks…' })).toBeDisabled();
  await names(page).filter({ hasText: 'lab' }).click();
  await page.getByRole('button', { name: 'Disconnect shell' }).click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Networks' }).click();
  await page.getByRole('button', { name: 'Delete unused networks…' }).click();
  const prune = page.getByRole('dialog', { name: 'Delete unused networks?' });
  await expect(prune.getByRole('listitem')).toHaveCount(1);
  await expect(prune.getByRole('listitem')).toContainText('lab');
  await prune.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('1 network deleted')).toBeVisible();
  await expect(names(page).filter({ hasText: 'lab' })).toHaveCount(0);
});

test('the picture answers whether one container reaches another, by trying it', async ({ open }) => {
  const page = await open({ page: 'networks/map' });
  const picture = page.getByRole('region', { name: 'Ports, containers and networks' });
  const side = page.getByRole('complementary', { name: 'Can it be reached?' });
  const node = (name: string) => picture.getByRole('button', { name: new RegExp(`^${name}\\b`) });
  await expect(picture.getByRole('link', { name: /^shop-data/ })).toBeVisible();
  await expect(node('worker')).toHaveCount(0);
  await node('web').click();
  await node('api').click();
  await expect(node('api')).toHaveAttribute('aria-pressed', 'true');
  await expect(side.getByLabel('From')).toHaveValue('web');
  await expect(side.getByLabel('Port')).toHaveValue('3000');
  await side.getByRole('button', { name: 'Test' }).click();
  await expect(side.getByRole('status')).toContainText('It can be reached');
  await expect(side.getByRole('status')).toContainText('in 0.21 ms');
  await side.getByLabel('Port').fill('99');
  await expect(side.getByRole('status')).toBeEmpty();
  await page.keyboard.press('Enter');
  await expect(side.getByRole('status')).toContainText('Nothing listens on port 99');
  await side.getByLabel('To').selectOption('db');
  await side.getByRole('button', { name: 'Test' }).click();
  await expect(side.getByRole('status')).toContainText('There is no way to it');
  await side.getByLabel('To').selectOption('another host…');
  await side.getByLabel('name or address').fill('nowhere.example');
  await side.getByRole('button', { name: 'Test' }).click();
  await expect(side.getByRole('status')).toContainText('The name is not known there');
  await side.getByLabel('Port').fill('70000');
  await expect(side.getByRole('button', { name: 'Test' })).toBeDisabled();
});

test('a container has its networks and ports on its page, and its ports open in the browser', async ({
  open,
}) => {
  const page = await open();
  await page.evaluate(() => {
    window.open = (url) => {
      document.title = String(url);
      return null;
    };
  });
  await new WindowPage(page).row('web').getByRole('link', { name: /^8443/ }).click();
  await expect(page).toHaveTitle('https://localhost:8443/');
  await page.getByRole('link', { name: 'web', exact: true }).click();
  await page.getByRole('button', { name: 'Open :8080' }).click();
  await expect(page).toHaveTitle('http://localhost:8080/');
  const network = page.getByRole('region', { name: 'Network', exact: true });
  await expect(network).toContainText(/Found asweb [0-9a-f]{12} www/);
  await network.getByRole('button', { name: 'Connect…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect a container' });
  await expect(dialog.getByLabel('Container')).toHaveValue('web');
  await dialog.getByLabel('Network').selectOption('lab');
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(network.getByRole('link', { name: 'lab' })).toBeVisible();
  await network.getByRole('button', { name: 'Disconnect from shop' }).click();
  await expect(network.getByRole('link', { name: 'shop' })).toHaveCount(0);
});

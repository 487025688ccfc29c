import { expect, type Locator } from '@playwright/test';
import type { WindowHost } from './window-host.ts';
import { WindowPage } from './window-page.ts';

const NETWORK = 'harbour';
const WEB_PAGE = `sh -c 'mkdir /srv; echo "ahoy from the harbour" > /srv/index.html; exec httpd -f -p 8080 -h /srv'`;

/**
 * A network from its form to its removal, with two containers on it: who reaches whom is tried in the picture, a port
 * is opened. Needs the image `busybox`.
 */
export async function doNetworksJob(host: WindowHost): Promise<void> {
  const { page, picture } = host;
  const window = new WindowPage(page);
  await window.goTo('Networks');
  await expect(window.row('bridge')).toContainText('built in');
  await picture?.('networks-built-in');
  await createNetwork(host);
  await picture?.('network-empty');
  await runOn(window, { name: 'web', command: WEB_PAGE, port: '8080' });
  await runOn(window, { name: 'client', command: 'sleep 1000000' });

  await window.goTo('Networks');
  await expect(window.row(NETWORK)).toContainText('client, web');
  await picture?.('networks');
  await openNetwork(window);
  const members = page.getByRole('region', { name: 'Containers' });
  await expect(members.getByRole('row').filter({ hasText: 'web' })).toContainText(/10\.77\.0\.\d+/);
  await picture?.('network');
  await leaveAndReturn(host, members);
  await askThePicture(host);
  await openPort(host);
  await refuseAndRemove(host);
}

async function createNetwork({ page, picture }: WindowHost): Promise<void> {
  await page.getByRole('button', { name: 'Create network' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create network' });
  await dialog.getByLabel('Name').fill(NETWORK);
  const v4 = dialog.getByRole('group', { name: 'IPv4' });
  await v4.getByLabel('Subnet').fill('10.77.0.1/24');
  await expect(v4.getByRole('alert')).toHaveText(/begins at 10\.77\.0\.0\/24/);
  await picture?.('create-network-problem');
  await v4.getByLabel('Subnet').fill('127.3.0.0/16');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('127.3.0.0/16');
  await picture?.('create-network-refused');
  await v4.getByLabel('Subnet').fill('10.77.0.0/24');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: NETWORK, exact: true })).toBeVisible();
  await expect(page.getByText('No container is on it.')).toBeVisible();
}

interface Settings {
  readonly name: string;
  readonly command: string;
  /** Of the container, published at one that the machine chooses. */
  readonly port?: string;
}

async function runOn(window: WindowPage, { name, command, port }: Settings): Promise<void> {
  await window.run({ image: 'busybox', name, command }, async () => {
    const { dialog } = window;
    if (port !== undefined) {
      await dialog.getByRole('button', { name: 'Add port' }).click();
      await dialog.getByLabel('port in the container').fill(port);
    }
    await dialog.getByRole('tab', { name: /^Network/ }).click();
    await dialog.getByRole('button', { name: 'Add network' }).click();
    await dialog.getByRole('combobox', { name: 'Network' }).selectOption(NETWORK);
  });
}

async function openNetwork(window: WindowPage): Promise<void> {
  await window.goTo('Networks');
  await window.row(NETWORK).getByRole('link', { name: NETWORK }).click();
}

/** What is disconnected by mistake comes back as it was. */
async function leaveAndReturn({ page, picture }: WindowHost, members: Locator): Promise<void> {
  const client = members.getByRole('row').filter({ hasText: 'client' });
  await client.getByRole('button', { name: 'Disconnect client' }).click();
  await expect(client).toHaveCount(0);
  await picture?.('network-disconnected');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(client).toContainText(/10\.77\.0\.\d+/);
}

async function askThePicture({ page, picture }: WindowHost): Promise<void> {
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  const map = page.getByRole('region', { name: 'Ports, containers and networks' });
  const side = page.getByRole('complementary', { name: 'Can it be reached?' });
  await map.getByRole('button', { name: /^client/ }).click();
  await map.getByRole('button', { name: /^web/ }).click();
  await picture?.('map-chosen');
  await side.getByLabel('Port').fill('8080');
  await side.getByRole('button', { name: 'Test' }).click();
  await expect(side.getByRole('status')).toContainText('It can be reached');
  await picture?.('map-reached');
  await side.getByLabel('Port').fill('9');
  await side.getByRole('button', { name: 'Test' }).click();
  await expect(side.getByRole('status')).toContainText('It answers, and refuses');
  await picture?.('map-refused');
  await side.getByLabel('To').selectOption('another host…');
  await side.getByLabel('name or address').fill('nobody');
  await side.getByLabel('Port').fill('80');
  await side.getByRole('button', { name: 'Test' }).click();
  await expect(side.getByRole('status')).toContainText('The name is not known there');
  await side.getByLabel('From').selectOption('this machine');
  await side.getByLabel('To').selectOption('web');
  await side.getByLabel('Port').fill('8080');
  await side.getByRole('button', { name: 'Test' }).click();
  await expect(side.getByRole('status')).toContainText('It can be reached');
}

/** The link leads to what the container serves. */
async function openPort({ page, opened, picture }: WindowHost): Promise<void> {
  await new WindowPage(page).goTo('Containers');
  const link = new WindowPage(page).row('web').getByRole('link', { name: /^\d+/ });
  await picture?.('containers-port');
  const url = await opened(() => link.click());
  expect(url).toMatch(/^http:\/\/localhost:\d+\/$/);
  expect(await (await fetch(url)).text()).toBe('ahoy from the harbour\n');
}

async function refuseAndRemove({ page, picture }: WindowHost): Promise<void> {
  const window = new WindowPage(page);
  await openNetwork(window);
  await window.menuAction('Delete…');
  const dialog = page.getByRole('dialog', { name: 'Delete network?' });
  await expect(dialog).toContainText('client, web');
  await picture?.('remove-network');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText(`The network ${NETWORK} is in use by client, web.`)).toBeVisible();
  await picture?.('remove-network-refused');
  for (const name of ['client', 'web']) {
    await page.getByRole('button', { name: `Disconnect ${name}` }).click();
    await expect(page.getByRole('button', { name: `Disconnect ${name}` })).toHaveCount(0);
  }
  await window.menuAction('Delete…');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Networks' })).toBeVisible();
  await expect(window.row(NETWORK)).toHaveCount(0);
}

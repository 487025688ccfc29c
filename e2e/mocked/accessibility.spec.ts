import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { test, type OpenOptions } from '../fixtures/mocked-app.ts';

interface Place {
  readonly what: string;
  readonly options: OpenOptions;
  readonly go: (page: Page) => Promise<void>;
}

const nothing = (text: string) => async (page: Page) => {
  await expect(page.getByText(text).first()).toBeVisible();
};

const tab = (container: string, name: string, shows: string | RegExp) => async (page: Page) => {
  await page.getByRole('link', { name: container, exact: true }).click();
  await page.getByRole('tab', { name, exact: true }).click();
  await expect(page.getByText(shows).first()).toBeVisible();
};

const imageTab = (name: string, shows: string) => async (page: Page) => {
  await page.getByRole('link', { name: 'shop-api:dev', exact: true }).click();
  await page.getByRole('tab', { name }).click();
  await expect(page.getByText(shows).first()).toBeVisible();
};

const named = (name: string, shows: string) => async (page: Page) => {
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByText(shows).first()).toBeVisible();
};

const dialog = (button: string) => async (page: Page) => {
  await page.getByRole('button', { name: button }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
};

const places: readonly Place[] = [
  { what: 'containers', options: {}, go: nothing('clickhouse') },
  { what: 'no containers', options: { scenario: 'empty' }, go: nothing('No containers yet') },
  { what: 'no agent', options: { scenario: 'no-agent' }, go: nothing('The agent needs root rights') },
  { what: 'no engine', options: { scenario: 'lost' }, go: nothing('No connection to the engine') },
  { what: 'images', options: { page: 'images' }, go: nothing('postgres') },
  { what: 'an image', options: { page: 'images' }, go: imageTab('Overview', 'docker-entrypoint.sh') },
  { what: 'layers', options: { page: 'images' }, go: imageTab('Layers', 'RUN npm ci --omit=dev') },
  { what: 'files of an image', options: { page: 'images' }, go: imageTab('Files', 'etc') },
  { what: 'the disk', options: { page: 'disk' }, go: nothing('used by Longshore') },
  { what: 'settings', options: { page: 'settings' }, go: nothing('Signed in') },
  { what: 'docker tools', options: { page: 'settings/docker' }, go: nothing('unix:///run/longshore') },
  { what: 'the terminal page', options: { page: 'settings/terminal' }, go: nothing('From another computer') },
  {
    what: 'all events',
    options: { page: 'events' },
    go: async (page) => {
      await page.getByText('Out of memory').click();
      await expect(page.getByRole('complementary', { name: 'Event' })).toContainText('container oom');
    },
  },
  { what: 'no events', options: { page: 'events', scenario: 'empty' }, go: nothing('Nothing has happened') },
  {
    what: 'docker commands in a menu',
    options: {},
    go: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).first().click();
      await page.getByRole('menuitem', { name: 'Copy as docker command' }).press('ArrowRight');
      await expect(page.getByRole('menuitem', { name: /^docker logs -f/ })).toBeVisible();
    },
  },
  {
    what: 'a pull that was interrupted',
    options: { page: 'images' },
    go: async (page) => {
      await page.getByRole('button', { name: 'Show progress' }).click();
      await expect(page.getByRole('complementary')).toContainText('Interrupted');
    },
  },
  { what: 'users of an image', options: { page: 'images' }, go: imageTab('Used by', 'migrate-check') },
  {
    what: 'a selection',
    options: {},
    go: async (page) => {
      await page.getByRole('checkbox', { name: 'Select web' }).click();
      await expect(page.getByText('1 selected')).toBeVisible();
    },
  },
  { what: 'settings and health', options: {}, go: tab('gateway', 'Overview', 'Known hosts') },
  { what: 'a crash loop', options: {}, go: tab('thumbnails', 'Overview', 'Stop trying') },
  {
    what: 'the limits dialog',
    options: {},
    go: async (page) => {
      await page.getByRole('link', { name: 'gateway', exact: true }).click();
      await page.getByRole('button', { name: 'Change…' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    what: 'the prune dialog',
    options: {},
    go: async (page) => {
      await page.getByRole('button', { name: 'Delete stopped containers…' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  { what: 'overview', options: {}, go: tab('clickhouse', 'Overview', 'Why did it stop?') },
  { what: 'logs', options: {}, go: tab('web', 'Logs', 'Follow') },
  { what: 'terminal', options: {}, go: tab('web', 'Terminal', /sh 1/) },
  { what: 'stats', options: {}, go: tab('gateway', 'Stats', 'of one processor') },
  { what: 'processes', options: {}, go: tab('web', 'Processes', 'Sleeping') },
  { what: 'changed files', options: {}, go: tab('web', 'Changed files', '/etc/motd') },
  { what: 'events', options: {}, go: tab('search', 'Events', 'Became unhealthy') },
  { what: 'inspect', options: {}, go: tab('web', 'Inspect', 'Tree') },
  {
    what: 'the run dialog',
    options: {},
    go: async (page) => {
      await page.getByRole('button', { name: 'Run container' }).click();
      await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('../evil');
      await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
    },
  },
  ...['Program', 'Storage', 'Network', 'Limits', 'Security', 'Life'].map((section): Place => ({
    what: `the run dialog, ${section}`,
    options: {},
    go: async (page) => {
      await page.getByRole('button', { name: 'Run container' }).click();
      await page.getByRole('dialog').getByRole('tab', { name: section }).click();
      await expect(page.getByRole('tab', { name: section })).toHaveAttribute('aria-selected', 'true');
      const add = page.getByRole('tabpanel').getByRole('button', { name: /^Add/ });
      for (const button of await add.all()) await button.click();
    },
  })),
  { what: 'networks', options: { page: 'networks' }, go: nothing('shop-data') },
  { what: 'a network', options: { page: 'networks' }, go: named('shop', '172.31.0.1') },
  { what: 'the picture of networks', options: { page: 'networks/map' }, go: nothing('172.31.0.0/16') },
  { what: 'the network dialog', options: { page: 'networks' }, go: dialog('Create network') },
  { what: 'the connect dialog', options: { page: 'networks' }, go: dialog('Connect container…') },
  { what: 'volumes', options: { page: 'volumes' }, go: nothing('old-pgdata-16') },
  { what: 'no volumes', options: { scenario: 'empty', page: 'volumes' }, go: nothing('No volumes yet') },
  { what: 'the files of a volume', options: { page: 'volumes' }, go: named('uploads', 'index.json') },
  { what: 'an empty trash', options: { page: 'volumes/trash' }, go: nothing('The trash is empty') },
  { what: 'the volume dialog', options: { page: 'volumes' }, go: dialog('Create volume') },
  { what: 'the import dialog', options: { page: 'volumes' }, go: dialog('Import…') },
  { what: 'unused volumes', options: { page: 'volumes' }, go: dialog('Delete unused volumes…') },
  { what: 'files', options: {}, go: tab('web', 'Files', 'usr') },
  {
    what: 'a file that is edited',
    options: {},
    go: async (page) => {
      await tab('web', 'Files', 'usr')(page);
      await page.getByRole('button', { name: 'etc', exact: true }).click();
      await page.getByRole('button', { name: 'motd', exact: true }).click();
      await page.getByRole('button', { name: 'Edit' }).click();
      await expect(page.getByRole('textbox', { name: 'Text of motd' })).toBeVisible();
    },
  },
  {
    what: 'the pull dialog',
    options: { page: 'images' },
    go: async (page) => {
      await page.getByRole('button', { name: 'Pull image' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    what: 'the palette',
    options: {},
    go: async (page) => {
      await expect(page.getByRole('link', { name: 'web', exact: true })).toBeVisible();
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
];

for (const { what, options, go } of places) {
  test(`${what}: nothing against WCAG 2.2 AA, dark and light`, async ({ open }) => {
    const page = await open({ ...options, colorScheme: 'dark' });
    await go(page);
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    expect(await violations(page)).toEqual([]);
  });
}

async function violations(page: Page): Promise<readonly string[]> {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
  );
}

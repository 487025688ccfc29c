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

const places: readonly Place[] = [
  { what: 'containers', options: {}, go: nothing('clickhouse') },
  { what: 'no containers', options: { scenario: 'empty' }, go: nothing('No containers yet') },
  { what: 'no agent', options: { scenario: 'no-agent' }, go: nothing('The agent needs root rights') },
  { what: 'no engine', options: { scenario: 'lost' }, go: nothing('No connection to the engine') },
  { what: 'images', options: { page: 'images' }, go: nothing('postgres') },
  { what: 'an image', options: { page: 'images' }, go: imageTab('Overview', 'docker-entrypoint.sh') },
  { what: 'layers', options: { page: 'images' }, go: imageTab('Layers', 'RUN npm ci --omit=dev') },
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
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
];

for (const colorScheme of ['dark', 'light'] as const) {
  for (const { what, options, go } of places) {
    test(`${what}, ${colorScheme}: nothing against WCAG 2.2 AA`, async ({ open }) => {
      const page = await open({ ...options, colorScheme });
      await go(page);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      const told = violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
      );
      expect(told).toEqual([]);
    });
  }
}

import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

test('Enter on an image opens its page, whose address and tab survive a reload', async ({ open }) => {
  const page = await open({ page: 'images' });
  await expect(page.getByRole('link', { name: 'alpine:3.22' })).toBeVisible();
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter images' }).fill('shop-api');
  await expect(page.getByRole('grid', { name: 'Images' }).getByRole('link')).toHaveCount(1);
  await page.getByRole('grid', { name: 'Images' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'shop-api:dev' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toHaveText('Imagesshop-api:dev');
  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Layers' })).toHaveAttribute('aria-selected', 'true');
  await page.reload();
  await expect(page.getByRole('tab', { name: 'Layers' })).toHaveAttribute('aria-selected', 'true');
});

test('the overview says what a container of it runs, with its secrets masked', async ({ open }) => {
  const page = await openImage(await open({ page: 'images' }), 'shop-api:dev');
  const program = page.getByRole('region', { name: 'Program' });
  for (const words of [
    'docker-entrypoint.sh',
    'node dist/server.js',
    '/app',
    '3000/tcp, 9229/tcp',
    'SIGINT',
  ]) {
    await expect(program).toContainText(words);
  }
  const environment = page.getByRole('region', { name: 'Environment' });
  await expect(environment).toContainText('DATABASE_PASSWORD••••••••');
  await environment.getByRole('button', { name: 'Show secrets' }).click();
  await expect(environment).toContainText('correct-horse');
});

test('a name is taken away and given back; the last one cannot be', async ({ open }) => {
  const page = await openImage(await open({ page: 'images' }), 'shop-api:dev');
  const names = page.getByRole('region', { name: 'Names' });
  await names.getByRole('button', { name: 'Remove the name registry.local:5000/shop-api:dev' }).click();
  await expect(names.getByRole('listitem')).toHaveText(['shop-api:dev']);
  await expect(names.getByRole('button', { name: /Remove the name/ })).toHaveCount(0);
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(names.getByRole('listitem')).toHaveText(['shop-api:dev', 'registry.local:5000/shop-api:dev']);
  await page.getByRole('button', { name: 'Add tag' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'New name' }).fill('shop-api:1.0');
  await page.getByRole('dialog').getByRole('button', { name: 'Add tag' }).click();
  await expect(names).toContainText('shop-api:1.0');
});

test('the layers say how the image was made, what each step weighs and who shares it', async ({ open }) => {
  const page = await openImage(await open({ page: 'images' }), 'shop-api:dev');
  await page.getByRole('tab', { name: 'Layers' }).click();
  const layers = page.getByRole('region', { name: 'Layers' });
  const base = layers.getByRole('row').filter({ hasText: 'debian.sh' });
  await expect(base).toContainText('28.2 MB');
  await expect(base).toContainText(/with \d+ images/);
  const settings = layers.getByRole('row').filter({ hasText: 'ENV DATABASE_PASSWORD' });
  await expect(settings).toContainText('ENV DATABASE_PASSWORD=••••••••');
  await expect(layers).not.toContainText('correct-horse');
  const install = layers.getByRole('row').filter({ hasText: 'RUN npm ci --omit=dev' });
  await install.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(layers.getByRole('region', { name: 'Layer' })).toContainText('DiffID');
});

test('the containers of an image are a step away, and the image is from them', async ({ open }) => {
  const page = await openImage(await open({ page: 'images' }), 'shop-api:dev');
  await page.getByRole('tab', { name: 'Used by' }).click();
  const users = page.getByRole('region', { name: 'Used by' });
  await expect(users.getByRole('link')).toHaveText(['api', 'migrate-check', 'preview']);
  await users.getByRole('link', { name: 'api' }).click();
  await page.getByRole('link', { name: 'shop-api:dev' }).first().click();
  await expect(page.getByRole('tab', { name: 'Used by' })).toBeVisible();
});

test('an image that is deleted says so, and leads back', async ({ open }) => {
  const page = await openImage(await open({ page: 'images' }), 'alpine:3.22');
  await page.getByRole('tab', { name: 'Used by' }).click();
  await expect(page.getByText('No container uses this image')).toBeVisible();
  await new WindowPage(page).menuAction('Delete…');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('This image is gone')).toBeVisible();
  await page.getByRole('button', { name: 'All images' }).click();
  await expect(page.getByRole('grid', { name: 'Images' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'alpine:3.22' })).toHaveCount(0);
});

async function openImage(page: Page, name: string): Promise<Page> {
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  return page;
}

import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';
import { WindowPage } from '../window/window-page.ts';

test('Enter on an image opens its page, whose address and tab survive a reload', async ({ open }) => {
  const page = await open({ page: 'images' });
  await expect(page.getByRole('link', { name: 'alpine:3.22' })).toBeVisible();
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter images' }).fill('shop-api');
  await expect(page.getByRole('link', { name: 'alpine:3.22' })).toHaveCount(0);
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

test('the tree has the images of a repository below it, and selects them together', async ({ open }) => {
  const page = await open({ page: 'images' });
  const grid = page.getByRole('grid', { name: 'Images' });
  await expect(page.getByRole('link', { name: 'alpine:3.22' })).toBeVisible();
  await page.getByRole('button', { name: 'By repository' }).click();
  const repository = page.getByRole('button', { name: 'postgres', exact: true });
  await expect(repository).toContainText('3 images');
  await repository.click();
  await expect(repository).toHaveAttribute('aria-expanded', 'true');
  await grid.getByRole('row').filter({ has: repository }).getByRole('checkbox').click();
  await expect(page.getByText('3 selected')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'By repository' })).toHaveAttribute('aria-pressed', 'true');
});

test('a pull that is refused asks who it is, and goes on', async ({ open }) => {
  const page = await open({ page: 'images' });
  const panel = await new WindowPage(page).pull('private.example.com/app:1');
  const form = panel.getByRole('form', { name: 'Sign in to private.example.com' });
  await form.getByLabel('User name').fill('ana');
  await form.getByLabel('Password or token').fill('wrong');
  await page.keyboard.press('Enter');
  await expect(form.getByRole('alert')).toContainText('does not accept');
  await form.getByLabel('Password or token').fill('right');
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('8 layers');
});

test('a pull that was interrupted is there, and goes on or is given up', async ({ open }) => {
  const page = await open({ page: 'images' });
  const window = new WindowPage(page);
  const row = window.row('debian:trixie');
  await expect(row).toContainText('Interrupted, 63%');
  await row.getByRole('button', { name: 'Resume' }).click();
  const panel = page.getByRole('complementary', { name: 'Pull of debian:trixie' });
  await expect(panel).toContainText('8 layers');
  await panel.getByRole('button', { name: 'Pause' }).click();
  await expect(row).toContainText('Paused');
  await panel.getByRole('button', { name: 'Give up' }).click();
  await expect(row).toHaveCount(0);
});

test('archives that are dropped on the page are loaded; a damaged one says so', async ({ open }) => {
  const page = await open({ page: 'images' });
  await expect(page.getByRole('link', { name: 'alpine:3.22' })).toBeVisible();
  const drop = async (name: string) => {
    const files = await page.evaluateHandle((file) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['archive'], file));
      return transfer;
    }, name);
    await page.getByRole('region', { name: 'Images' }).dispatchEvent('drop', { dataTransfer: files });
  };
  await drop('damaged.tar.zst');
  const dialog = page.getByRole('dialog', { name: 'Load images' });
  await dialog.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('is not an archive of images');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await drop('cargo.tar.gz');
  await dialog.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(page.getByText('cargo:latest is loaded')).toBeVisible();
  await expect(page.getByRole('link', { name: 'cargo:latest' })).toBeVisible();
});

test('two images are compared file by file', async ({ open }) => {
  const page = await openImage(await open({ page: 'images' }), 'shop-api:dev');
  await new WindowPage(page).menuAction('Compare with…');
  const dialog = page.getByRole('dialog', { name: 'Compare shop-api:dev' });
  await dialog.getByLabel('With').selectOption({ label: 'alpine:3.22' });
  await expect(dialog.getByRole('row').filter({ hasText: '/app/server.js' })).toContainText('Removed');
  await dialog.getByRole('radio', { name: /^Added/ }).click();
  await expect(dialog.getByRole('row').filter({ hasText: '/app/server.js' })).toHaveCount(0);
  await expect(dialog.getByRole('row').filter({ hasText: '/usr/share/doc' })).toContainText('18.3 kB');
});

async function openImage(page: Page, name: string): Promise<Page> {
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  return page;
}

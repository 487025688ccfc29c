import { expect, type Locator } from '@playwright/test';
import type { GuardedRegistry } from '../fixtures/guarded-registry.ts';
import type { WindowHost } from './window-host.ts';
import { WindowPage } from './window-page.ts';

export const ACCOUNT = { username: 'ana', password: 'harbour-7' };

interface ImagesJob {
  readonly registry: GuardedRegistry;
  /** In the registry, with a layer of some megabytes. */
  readonly repository: string;
}

/** The life of an image: pulled with a sign-in and a pause, pushed, saved, deleted, loaded, looked into, pruned. */
export async function doImagesJob(host: WindowHost, job: ImagesJob): Promise<void> {
  const pulled = `${job.registry.host}/${job.repository}:1`;
  const pushed = `${job.registry.host}/mine/copy:2`;
  await signInAndPull(host, job, pulled);
  await push(host, pulled, pushed);
  await saveAndLoad(host, pulled);
  await lookInside(host, pulled);
  await seeTheDisk(host);
  await prune(host, pulled);
  await signOut(host, job.registry.host);
}

async function signInAndPull(
  { page, picture }: WindowHost,
  { registry }: ImagesJob,
  name: string,
): Promise<void> {
  const window = new WindowPage(page);
  const panel = await window.pull(name);
  const form = panel.getByRole('form', { name: `Sign in to ${registry.host}` });
  await form.getByLabel('User name').fill(ACCOUNT.username);
  await form.getByLabel('Password or token').fill('wrong');
  await form.getByRole('button', { name: 'Sign in and go on' }).click();
  await expect(form.getByRole('alert')).toContainText(registry.host);
  await picture?.('pull-refused');
  registry.hold(1_000_000);
  await form.getByLabel('Password or token').fill(ACCOUNT.password);
  await form.getByRole('button', { name: 'Sign in and go on' }).click();
  await expect(panel).toContainText('2 layers');
  await expect(panel).toContainText('Downloading');
  await picture?.('pull-running');
  await panel.getByRole('button', { name: 'Pause' }).click();
  const row = window.row(name);
  await expect(row).toContainText('Paused');
  await page.reload();
  await expect(row).toContainText('Paused');
  await row.getByRole('button', { name: 'Show progress' }).click();
  await expect(panel).toContainText('What is downloaded is kept until');
  await picture?.('pull-paused');
  registry.release();
  await panel.getByRole('button', { name: 'Resume' }).click();
  await expect(panel).toContainText('On this machine');
  await picture?.('pull-done');
  await expect(window.row(name)).toContainText('Unused');
  await panel.getByRole('button', { name: 'Close panel' }).click();
}

async function push({ page, picture }: WindowHost, image: string, name: string): Promise<void> {
  const window = new WindowPage(page);
  await rowMenu(window, image, 'Push…');
  await window.dialog.getByLabel('Name', { exact: true }).selectOption({ label: 'Another name…' });
  await window.dialog.getByRole('textbox', { name: 'New name' }).fill(name);
  await picture?.('push-dialog');
  await window.dialog.getByRole('button', { name: 'Push', exact: true }).click();
  const panel = page.getByRole('complementary', { name: `Push of ${name}` });
  await expect(panel).toContainText('In the registry as');
  await expect(panel).toContainText('Mounted');
  await picture?.('push-done');
  await panel.getByRole('button', { name: 'Close panel' }).click();
}

async function saveAndLoad({ page, picture, saved }: WindowHost, name: string): Promise<void> {
  const window = new WindowPage(page);
  const archive = await saved(() => rowMenu(window, name, 'Save…'));
  await expect(page.getByText(/is saved/)).toBeVisible();
  await rowMenu(window, name, 'Delete…');
  await window.dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(window.row(name)).toHaveCount(0);
  await page.getByRole('button', { name: 'Load…' }).first().click();
  await window.dialog
    .getByLabel('Archives', { exact: true })
    .setInputFiles({ name: 'copy.tar', mimeType: 'application/x-tar', buffer: archive });
  await picture?.('load-dialog');
  await window.dialog.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(window.dialog).toBeHidden();
  await expect(window.row(name)).toBeVisible();
  await picture?.('images');
}

async function lookInside({ page, picture }: WindowHost, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('tab', { name: 'Layers' }).click();
  await expect(page.getByRole('region', { name: 'Layers' })).toBeVisible();
  await picture?.('image-layers');
  await page.getByRole('tab', { name: 'Files' }).click();
  const files = page.getByRole('grid', { name: 'Files of the image' });
  await expect(files.getByRole('row').filter({ hasText: 'cargo' })).toContainText('Layer 2');
  await files.getByRole('button', { name: 'manifest.txt' }).click();
  const preview = page.getByRole('complementary', { name: 'manifest.txt' });
  await expect(preview).toContainText('ahoy');
  await expect(preview.getByRole('region', { name: 'Layers with this path' })).toContainText('Layer 2');
  await picture?.('image-files');
  await page.getByLabel('Layer', { exact: true }).selectOption({ label: 'Layer 1' });
  await expect(files.getByRole('row').filter({ hasText: 'cargo' })).toHaveCount(0);
  await expect(files.getByRole('button', { name: 'bin' })).toBeVisible();
}

async function seeTheDisk({ page, picture }: WindowHost): Promise<void> {
  await navigate(page.getByRole('navigation', { name: 'Main' }), 'Disk');
  const disk = page.getByRole('region', { name: 'Disk' });
  await expect(disk).toContainText('used by Longshore');
  await picture?.('disk');
  await disk.getByRole('button', { name: 'Clean up…', exact: true }).first().click();
  await expect(page.getByRole('dialog', { name: 'Clean up' })).toBeVisible();
  await picture?.('disk-clean-up');
  await page.keyboard.press('Escape');
}

async function prune({ page, picture }: WindowHost, name: string): Promise<void> {
  const window = new WindowPage(page);
  await window.goTo('Images');
  await page.getByRole('button', { name: 'Delete unused images…' }).click();
  await expect(window.dialog).toContainText('nothing would be deleted');
  await window.dialog.getByRole('checkbox', { name: 'Those with a name as well' }).click();
  await expect(window.dialog.getByRole('listitem').filter({ hasText: name })).toContainText('bytes');
  await expect(window.dialog).toContainText(/[\d,]+ bytes are freed, with the packed layers/);
  await picture?.('prune');
  await window.dialog.getByRole('button', { name: /^Delete/ }).click();
  await expect(page.getByText('No images yet')).toBeVisible();
}

async function signOut({ page, picture }: WindowHost, host: string): Promise<void> {
  await navigate(page.getByRole('navigation', { name: 'Main' }), 'Settings');
  const signIns = page.getByRole('region', { name: 'Signed in' });
  const account = signIns.getByRole('listitem').filter({ hasText: host });
  await expect(account).toContainText(ACCOUNT.username);
  await account.getByRole('button', { name: 'Test' }).click();
  await expect(account).toContainText('Accepted');
  await page.getByLabel('No faster than').fill('2.5');
  await page.getByRole('button', { name: 'Add registry' }).click();
  await page.getByLabel('Registry', { exact: true }).fill('localhost:5999');
  await page.getByRole('checkbox', { name: /Allow plain HTTP/ }).click();
  await picture?.('settings');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved; what begins from now on goes by it')).toBeVisible();
  await account.getByRole('button', { name: 'Sign out' }).click();
  await expect(account).toHaveCount(0);
}

async function navigate(main: Locator, place: string): Promise<void> {
  await main.getByRole('link', { name: place }).click();
}

async function rowMenu(window: WindowPage, name: string, action: string): Promise<void> {
  await window.row(name).first().getByRole('button', { name: 'More actions' }).click();
  await window.page.getByRole('menuitem', { name: action }).click();
}

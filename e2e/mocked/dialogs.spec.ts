import { expect, type Page } from '@playwright/test';
import { test } from '../fixtures/mocked-app.ts';

test('the run dialog says what is wrong beside the field, and runs nothing until it is right', async ({
  open,
}) => {
  const page = await open();
  await page.getByRole('button', { name: 'Run container' }).click();
  const { dialog, run, field } = runDialog(page);
  await expect(field('Image')).toBeFocused();
  await expect(run).toBeDisabled();

  const wrong: readonly (readonly [field: string, bad: string, good: string, says: RegExp])[] = [
    ['Image', 'UPPER CASE', 'busybox', /not an image name/],
    ['Name', '../evil', 'greeter', /begins with a letter or digit/],
    ['Command', "sh -c 'open", "sh -c 'echo $HOME'", /quote is not closed/],
    ['Memory', '5', '256', /at least 6/],
    ['Processors', '0', '1.5', /number of processors/],
  ];
  for (const [name, bad, good, says] of wrong) {
    await field(name).fill(bad);
    await expect(dialog.getByRole('alert')).toHaveText(says);
    await expect(field(name)).toHaveAttribute('aria-invalid', 'true');
    await expect(run).toBeDisabled();
    await field(name).fill(good);
    await expect(dialog.getByRole('alert')).toBeHidden();
  }
  await expect(run).toBeEnabled();
});

test('what is wrong on another page of the run dialog is told on its tab, and what is filled in is counted', async ({
  open,
}) => {
  const page = await open();
  await page.getByRole('button', { name: 'Run container' }).click();
  const { dialog, run, field, section } = runDialog(page);
  await field('Image').fill('busybox');
  const wrong: readonly (readonly [tab: string, field: string, bad: string, good: string, says: RegExp])[] = [
    ['Program', 'Working folder', 'relative', '/srv', /begins with “\/”/],
    ['Storage', 'Shared memory', 'much', '64', /number of MiB/],
    ['Network', 'Host name', '-x', 'greeter', /at most 63/],
    ['Limits', 'Swappiness', '101', '10', /from 0 to 100/],
    ['Security', 'Dropped', '', 'ALL', /^$/],
    ['Life', 'Killed after (-1: never)', 'soon', '30', /Whole seconds/],
  ];
  for (const [tab, name, bad, good, says] of wrong) {
    await section(tab).click();
    if (bad !== '') {
      await field(name).fill(bad);
      await expect(dialog.getByRole('alert')).toHaveText(says);
      await expect(section(tab)).toContainText('something here is not right');
      await expect(run).toBeDisabled();
    }
    await field(name).fill(good);
    await expect(section(tab)).toHaveText(`${tab}1`);
  }
  await section('Basics').click();
  await expect(dialog.getByTestId('command-line')).toHaveText(
    'longshore run -d --hostname greeter --workdir /srv --shm-size 64m --memory-swappiness 10 --cap-drop ALL' +
      ' --stop-timeout 30 busybox',
  );
  await expect(run).toBeEnabled();
});

test('the run dialog is worked by keys: its tabs by the arrows, and Enter runs', async ({ open }) => {
  const page = await open();
  await page.getByRole('button', { name: 'Run container' }).click();
  const { dialog, field, section } = runDialog(page);
  await field('Image').fill('hello');
  await section('Basics').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(section('Program')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('tab', { name: 'Logs' })).toHaveAttribute('aria-selected', 'true');
});

test('the command line beneath the run dialog is what the button does', async ({ open }) => {
  const page = await open();
  await page.getByRole('button', { name: 'Run container' }).click();
  const { dialog, run, field, section } = runDialog(page);
  await field('Image').fill('busybox');
  await field('Name').fill('greeter');
  await field('Command').fill("sh -c 'echo $A; exit 3'");
  await dialog.getByRole('button', { name: 'Add folder' }).click();
  await dialog.getByLabel('folder on this machine').fill('/srv/site data');
  await dialog.getByLabel('folder in the container').fill('/data');
  await dialog.getByLabel('Access').selectOption('read only');
  await dialog.getByRole('button', { name: 'Add variable' }).click();
  await dialog.getByLabel('NAME', { exact: true }).fill('A');
  await dialog.getByLabel('value', { exact: true }).fill('two words');
  await field('Memory').fill('256');
  await dialog.getByRole('checkbox', { name: 'Delete when it exits' }).click();
  await section('Program').click();
  await field('User').fill('1000:1000');
  await section('Network').click();
  await dialog.getByRole('radio', { name: 'None' }).click();
  await expect(
    dialog.getByText(
      "longshore run -d --rm --name greeter --network none -v '/srv/site data:/data:ro' -e 'A=two words'" +
        " --user 1000:1000 --memory 256m busybox sh -c 'echo $A; exit 3'",
    ),
  ).toBeVisible();

  await run.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('tab', { name: 'Logs' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('tab', { name: 'Inspect' }).click();
  await expect(page.getByRole('tree')).toContainText('greeter');
});

test('a secret among the variables is on the screen, and in what is copied, only when it is asked for', async ({
  open,
}) => {
  const page = await open();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Run container' }).click();
  const { dialog, field } = runDialog(page);
  await field('Image').fill('postgres:17.2');
  await dialog.getByRole('button', { name: 'Add variable' }).click();
  await dialog.getByLabel('NAME', { exact: true }).fill('POSTGRES_PASSWORD');
  await dialog.getByLabel('value', { exact: true }).fill('tide-and-salt');
  const line = dialog.getByTestId('command-line');
  await expect(line).toHaveText("longshore run -d -e 'POSTGRES_PASSWORD=••••••••' postgres:17.2");
  await dialog.getByRole('button', { name: 'Copy, secrets masked' }).click();
  await expect.poll(copied).not.toContain('tide-and-salt');
  await dialog.getByRole('button', { name: 'Show secrets' }).click();
  await expect(line).toHaveText('longshore run -d -e POSTGRES_PASSWORD=tide-and-salt postgres:17.2');
  await dialog.getByRole('button', { name: 'Copy command' }).click();
  await expect.poll(copied).toContain('tide-and-salt');
  await dialog.getByRole('button', { name: 'Hide secrets' }).click();
  await expect(line).not.toContainText('tide-and-salt');
});

test('the details mask what looks like a secret, in the overview and in the whole record', async ({
  open,
}) => {
  const page = await open();
  await page.getByRole('link', { name: 'db', exact: true }).click();
  const environment = page.getByRole('region', { name: 'Environment' });
  await expect(environment).toContainText('POSTGRES_PASSWORD••••••••');
  await environment.getByRole('button', { name: 'Show secrets' }).click();
  await expect(environment).toContainText('hunter2hunter2');
  await page.getByRole('tab', { name: 'Inspect' }).click();
  const record = page.getByRole('region', { name: 'Inspect' });
  await page.getByRole('searchbox', { name: 'Find in names and values' }).fill('password');
  await expect(record).toContainText('POSTGRES_PASSWORD=••••••••');
  await page.getByRole('button', { name: 'Secrets' }).click();
  await expect(record).toContainText('POSTGRES_PASSWORD=hunter2hunter2');
});

test('what the engine refuses stays in the run dialog, with what to do', async ({ open }) => {
  const page = await open();
  await page.getByRole('button', { name: 'Run container' }).click();
  const { dialog, run, field } = runDialog(page);
  await field('Image').fill('busybox');
  await field('Name').fill('web');
  await run.click();
  await expect(dialog).toContainText('The name "web" is taken by another container.');
  await expect(dialog).toContainText('Choose another name, or delete that container.');
  await field('Name').fill('');
  await field('Image').fill('not-here:1');
  await expect(dialog).toContainText('Not on this machine yet.');
  await run.click();
  await dialog.getByRole('button', { name: 'Pull image' }).click();
  await expect(page.getByRole('complementary', { name: 'Pull of not-here:1' })).toBeVisible();
});

test('the pull dialog takes a reference only, and a sign-in only whole', async ({ open }) => {
  const page = await open({ page: 'images' });
  await page.getByRole('button', { name: 'Pull image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pull image' });
  const image = dialog.getByRole('textbox', { name: 'Image' });
  const pull = dialog.getByRole('button', { name: 'Pull', exact: true });
  await expect(image).toBeFocused();
  await expect(pull).toBeDisabled();
  await image.fill('Not A Reference');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await expect(pull).toBeDisabled();
  await image.fill('redis');
  await expect(dialog.getByText('Pulls redis:latest')).toBeVisible();
  await expect(pull).toBeEnabled();
  await dialog.getByRole('checkbox', { name: 'Sign in to the registry' }).click();
  await expect(pull).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'User name' }).fill('ana');
  await dialog.getByLabel('Password or token').fill('secret');
  await expect(pull).toBeEnabled();
});

test('a pull that fails says why, and can be tried again', async ({ open }) => {
  const page = await open({ page: 'images' });
  await startPull(page, 'missing/app:1');
  const panel = page.getByRole('complementary', { name: 'Pull of missing/app:1' });
  await expect(panel).toContainText('The registry has no image "missing/app:1".');
  await expect(panel).toContainText('sign in if the image is private');
  await page.evaluate('fakeWorld.registry.hold()');
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel).toContainText('Asking the registry…');
  await page.evaluate('fakeWorld.registry.release()');
  await expect(panel).toContainText('The registry has no image');
});

test('a pull shows its layers, goes on behind other pages, and ends in the list', async ({ open }) => {
  const page = await open({ page: 'images' });
  await startPull(page, 'redis');
  const panel = page.getByRole('complementary', { name: 'Pull of redis:latest' });
  await expect(panel).toContainText('8 layers');
  await expect(panel.getByRole('progressbar').first()).toBeVisible();
  const main = page.getByRole('navigation', { name: 'Main' });
  await main.getByRole('link', { name: 'Containers' }).click();
  await expect(page.getByRole('region', { name: 'Containers' })).toBeVisible();
  await main.getByRole('link', { name: 'Images' }).click();
  await expect(page.getByText('On this machine, 871 MB.')).toBeVisible({ timeout: 40_000 });
  await expect(page.getByRole('row').filter({ hasText: 'redis' })).toContainText('latest');
});

test('an image in use is not deleted, and the reason is told', async ({ open }) => {
  const page = await open({ page: 'images' });
  const grid = page.getByRole('grid', { name: 'Images' });
  await page.getByRole('checkbox', { name: /^Select nginx/ }).click();
  await page.getByRole('checkbox', { name: /^Select alpine/ }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 2 images?' });
  await expect(dialog).toContainText('In use by web.');
  await dialog.getByRole('button', { name: 'Delete 2 images' }).click();
  await expect(page.getByRole('alert')).toContainText('in use by web');
  await expect(grid.getByRole('row').filter({ hasText: 'nginx' })).toBeVisible();
  await expect(grid.getByRole('row').filter({ hasText: 'alpine:3.22' })).toBeHidden();
});

function runDialog(page: Page) {
  const dialog = page.getByRole('dialog', { name: 'Run container' });
  return {
    dialog,
    run: dialog.getByRole('button', { name: 'Run', exact: true }),
    field: (name: string) => dialog.getByLabel(name, { exact: true }),
    section: (name: string) => dialog.getByRole('tab', { name }),
  };
}

async function startPull(page: Page, reference: string): Promise<void> {
  await page.getByRole('button', { name: 'Pull image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pull image' });
  await dialog.getByRole('textbox', { name: 'Image' }).fill(reference);
  await dialog.getByRole('button', { name: 'Pull', exact: true }).click();
}

import { expect, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { test } from '../fixtures/mocked-app.ts';

async function openFiles(page: Page, container = 'web'): Promise<void> {
  await page.getByRole('link', { name: container, exact: true }).click();
  await page.getByRole('tab', { name: 'Files', exact: true }).click();
  await expect(page.getByRole('grid', { name: `Files of ${container}` })).toBeVisible();
}

const file = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const preview = (page: Page, name: string) => page.getByRole('complementary', { name, exact: true });

async function goTo(page: Page, ...folders: readonly string[]): Promise<void> {
  for (const folder of folders) await file(page, folder).click();
}

test('folders are walked by keys and by the address; Back leads to where one was', async ({ open }) => {
  const page = await open();
  await openFiles(page);
  const grid = page.getByRole('grid', { name: 'Files of web' });
  await expect(row(page, 'bin')).toContainText('→ usr/bin');
  await goTo(page, 'etc');
  await expect(file(page, 'nginx')).toBeVisible();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(file(page, 'nginx.conf')).toBeVisible();
  await expect(page).toHaveURL(/path=%2Fetc%2Fnginx/);
  await page.reload();
  await expect(file(page, 'nginx.conf')).toBeVisible();
  await grid.focus();
  await page.keyboard.press('Backspace');
  await expect(file(page, 'passwd')).toBeVisible();
  await page
    .getByRole('navigation', { name: 'Folder' })
    .getByRole('button', { name: '/', exact: true })
    .click();
  await expect(file(page, 'var')).toBeVisible();
  await page.goBack();
  await expect(file(page, 'passwd')).toBeVisible();
  await page.goto(page.url().replace(/path=.*/, 'path=/nowhere'));
  await expect(page.getByText('There is no /nowhere here.')).toBeVisible();
  await page.getByRole('button', { name: 'Up' }).last().click();
  await expect(file(page, 'var')).toBeVisible();
});

test('a link leads to what it ends at', async ({ open }) => {
  const page = await open();
  await openFiles(page);
  await goTo(page, 'bin');
  await expect(file(page, 'busybox')).toBeVisible();
  await file(page, 'busybox').click();
  await expect(preview(page, 'busybox')).toContainText('This is no text that can be shown');
});

test('files are marked against the image, and what it had is still told', async ({ open }) => {
  const page = await open();
  await openFiles(page);
  await expect(row(page, 'run')).toContainText('Modified');
  await goTo(page, 'tmp');
  await expect(row(page, 'setup.log')).toContainText('Deleted');
  await expect(row(page, 'setup.log').getByRole('button', { name: 'More actions' })).toHaveCount(0);
});

test('a thousand files are a list like any other', async ({ open }) => {
  const page = await open();
  await openFiles(page);
  await goTo(page, 'var', 'cache', 'pages');
  const grid = page.getByRole('grid', { name: 'Files of web' });
  await expect(grid).toHaveAttribute('aria-rowcount', '1201');
  expect(await grid.getByRole('row').count()).toBeLessThan(100);
  await page.keyboard.press('/');
  await page.keyboard.type('0777');
  await expect(grid.getByRole('row')).toHaveCount(2);
});

test('pictures and text are shown; small text is changed in place', async ({ open }) => {
  const page = await open();
  await openFiles(page);
  await goTo(page, 'usr', 'share', 'nginx', 'html');
  await file(page, 'logo.png').click();
  const picture = preview(page, 'logo.png').getByRole('img', { name: 'logo.png' });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(24);
  await file(page, 'index.html').click();
  const panel = preview(page, 'index.html');
  await expect(panel).toContainText('<h1>It works.</h1>');
  await panel.getByRole('button', { name: 'Edit' }).click();
  const text = panel.getByRole('textbox', { name: 'Text of index.html' });
  await text.fill('<h1>It is mine.</h1>\n');
  await file(page, 'logo.png').click();
  const discard = page.getByRole('dialog', { name: 'Discard your changes?' });
  await discard.getByRole('button', { name: 'Keep editing' }).last().click();
  await text.press('Control+s');
  await expect(panel.getByRole('button', { name: 'Edit' })).toBeVisible();
  await expect(panel).toContainText('It is mine.');
  await expect(row(page, 'index.html')).toContainText('101:101');
});

test('what somebody else changed meanwhile is not overwritten unasked', async ({ open }) => {
  const page = await open();
  await openFiles(page);
  await goTo(page, 'etc');
  await file(page, 'motd').click();
  const panel = preview(page, 'motd');
  await panel.getByRole('button', { name: 'Edit' }).click();
  await panel.getByRole('textbox').fill('mine');
  await page.getByTestId('upload-files').setInputFiles({
    name: 'motd',
    mimeType: 'text/plain',
    buffer: Buffer.from('theirs'),
  });
  await page.getByRole('dialog').getByRole('button', { name: 'Replace' }).click();
  await expect(page.getByText('motd is uploaded')).toBeVisible();
  await panel.getByRole('textbox').press('Control+s');
  await expect(panel).toContainText('Somebody has changed this file');
  await panel.getByRole('button', { name: 'Overwrite' }).click();
  await expect(panel.getByRole('button', { name: 'Edit' })).toBeVisible();
  await expect(panel).toContainText('mine');
});

test('files go in by choosing and by dropping, and come out again', async ({ open }) => {
  const page = await open();
  await openFiles(page);
  await goTo(page, 'home');
  await page.getByTestId('upload-files').setInputFiles([
    { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('first') },
    { name: 'größe.txt', mimeType: 'text/plain', buffer: Buffer.from('second') },
  ]);
  await expect(page.getByText('2 files are uploaded')).toBeVisible();
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['dropped'], 'drop.txt'));
    return data;
  });
  const area = page.getByRole('grid', { name: 'Files of web' });
  await area.dispatchEvent('dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Let go to upload into /home')).toBeVisible();
  await area.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(file(page, 'drop.txt')).toBeVisible();
  const download = page.waitForEvent('download');
  await row(page, 'drop.txt').getByRole('button', { name: 'Download' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toBe('dropped');
  await page.getByRole('checkbox', { name: 'Select a.txt' }).click();
  await page.getByRole('checkbox', { name: 'Select größe.txt' }).click();
  const archive = page.waitForEvent('download');
  await page.getByRole('toolbar').getByRole('button', { name: 'Download' }).click();
  const tar = await archive;
  expect(tar.suggestedFilename()).toBe('home.tar');
  expect((await readFile(await tar.path())).toString()).toContain('größe.txt');
});

test('folders are made, things renamed and deleted', async ({ open }) => {
  const page = await open();
  await openFiles(page);
  await goTo(page, 'etc');
  await page.getByRole('button', { name: 'New folder' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('nginx');
  await expect(dialog.getByRole('alert')).toHaveText('Something of this name is here already.');
  await dialog.getByLabel('Name').fill('a/b');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Name').fill('conf.d');
  await page.keyboard.press('Enter');
  await expect(file(page, 'conf.d')).toBeVisible();
  await row(page, 'conf.d').click();
  await page.getByRole('grid').focus();
  await page.keyboard.press('F2');
  await page.getByRole('dialog', { name: 'Rename' }).getByLabel('Name').fill('conf.old');
  await page.keyboard.press('Enter');
  await expect(file(page, 'conf.old')).toBeVisible();
  await row(page, 'conf.old').click();
  await page.getByRole('grid').focus();
  await page.keyboard.press('Delete');
  const remove = page.getByRole('dialog', { name: 'Delete this?' });
  await expect(remove).toContainText('/etc/conf.old');
  await expect(remove.getByRole('button', { name: 'Cancel' }).last()).toBeFocused();
  await remove.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(file(page, 'conf.old')).toHaveCount(0);
});

test('a container that does not run has its files as well', async ({ open }) => {
  const page = await open();
  await openFiles(page, 'clickhouse');
  await goTo(page, 'etc');
  await expect(file(page, 'os-release')).toBeVisible();
});

test('in the window a file goes straight to where the person says', async ({ open }) => {
  const page = await open();
  await page.evaluate(() => {
    const written: number[] = [];
    Object.assign(window, {
      written,
      longshore: {
        platform: 'linux',
        connect: () => undefined,
        openExternal: () => undefined,
        setTheme: () => undefined,
        saveFile: {
          start: (name: string) => Promise.resolve({ ok: true, id: name === 'passwd' ? 1 : null }),
          write: (_id: number, bytes: Uint8Array) => {
            written.push(...bytes);
            return Promise.resolve({ ok: true });
          },
          end: (_id: number, whole: boolean) => {
            if (whole) document.title = String.fromCharCode(...written.slice(0, 4));
            return Promise.resolve({ ok: true });
          },
        },
      },
    });
  });
  await openFiles(page);
  await goTo(page, 'etc');
  await row(page, 'passwd').getByRole('button', { name: 'Download' }).click();
  await expect(page).toHaveTitle('root');
  await expect(page.getByText('passwd is saved')).toBeVisible();
});

import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { electronRuntime, startAppAs } from '../fixtures/electron-app.ts';
import { installForEverybody, isRoot, makeFoldersOf, NORMAL_USER } from '../fixtures/normal-user.ts';

test('a normal user without rights: the window opens, confined, says what to do, and goes on from there', async () => {
  test.skip(!isRoot, 'needs root, to be somebody else');
  await using installation = await installForEverybody(electronRuntime());
  await using folders = await makeFoldersOf(NORMAL_USER);
  await using running = await startAppAs(NORMAL_USER, folders, installation);
  const { app, page } = running;

  await test.step("Chromium's sandbox is on", async () => {
    expect(await app.evaluate(({ app: own }) => own.commandLine.hasSwitch('no-sandbox'))).toBe(false);
    const pid = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t61801/m);
    // 2: its system calls are filtered.
    expect(status).toMatch(/^Seccomp:\t2$/m);
  });

  const advice = await test.step('it says which command gives it an agent', async () => {
    const shown = page.getByText(/^Start the agent yourself: sudo /).first();
    await expect(shown).toBeVisible();
    return shown.innerText();
  });

  await test.step('once somebody has typed that, containers run', async () => {
    const [agent = '', ...args] = advice.replace(/^.*: sudo /, '').split(' ');
    await promisify(execFile)(agent, args);
    await expect(page.getByText('Engine running')).toBeVisible();
    await page.getByRole('article', { name: 'hello' }).getByRole('button', { name: 'Run' }).click();
    await expect(page.getByText('Hello from Longshore!').first()).toBeVisible();
  });
});

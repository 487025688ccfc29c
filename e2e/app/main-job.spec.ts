import { expect, test } from '@playwright/test';
import { BOOTSTRAP_TIMEOUT_MS } from '../fixtures/images.ts';
import { startDebianRegistry } from '../fixtures/debian-registry.ts';
import { resizeWindow, startApp } from '../fixtures/electron-app.ts';
import { makeFolders } from '../fixtures/folders.ts';
import { doMainJob } from '../window/main-job.ts';

test('the main job in the real window', async () => {
  test.setTimeout(BOOTSTRAP_TIMEOUT_MS);
  await using registry = await startDebianRegistry();
  await using folders = await makeFolders();
  await using running = await startApp(folders);
  const { app, page } = running;
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await doMainJob(page, {
    image: registry.image,
    resize: resizeWindow(app),
    picture: async (name) => {
      await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
    },
  });
  expect(faults).toEqual([]);
});

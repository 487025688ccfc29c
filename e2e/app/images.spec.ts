import { expect, test } from '@playwright/test';
import path from 'node:path';
import { electronHost, startApp } from '../fixtures/electron-app.ts';
import { makeFolders } from '../fixtures/folders.ts';
import { startHarbourRegistry } from '../fixtures/harbour-registry.ts';
import { doImagesJob } from '../window/images-job.ts';

test('images in the real window: pulled, pushed, saved, loaded, looked into, pruned', async () => {
  await using harbour = await startHarbourRegistry();
  await using folders = await makeFolders();
  await using running = await startApp(folders);
  const { page } = running;
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await expect(page.getByText('Engine running')).toBeVisible();
  const picture = async (name: string) => {
    await page.screenshot({ path: path.join(test.info().outputDir, `${name}.png`) });
  };
  await doImagesJob({ ...electronHost(running), picture }, harbour);
  expect(faults).toEqual([]);
});

import { chromium as browserType, expect, type Page, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { serveEngine } from '../fixtures/engine.ts';
import { startHarbourRegistry } from '../fixtures/harbour-registry.ts';
import { chromium } from '../fixtures/paths.ts';
import { doImagesJob } from '../window/images-job.ts';

test('images in a browser, through the dashboard: archives are downloads and uploads', async () => {
  await using harbour = await startHarbourRegistry();
  await using engine = await serveEngine('--dashboard');
  const [, url = ''] = await engine.serving.saysOnStdout(/^Dashboard: (\S+)$/m);
  const browser = await browserType.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const viewport = { width: 1920, height: 1080 };
    const page = await browser.newPage({ viewport, colorScheme: 'dark', acceptDownloads: true });
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(url);
    const picture = async (name: string) => {
      await page.screenshot({ path: path.join(test.info().outputDir, `${name}.png`) });
    };
    await doImagesJob({ page, picture, saved: downloaded(page), opened: opensNothing }, harbour);
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
  }
});

/** The bytes of the file that `action` made the browser download. */
function downloaded(page: Page) {
  return async (action: () => Promise<void>): Promise<Buffer> => {
    const [download] = await Promise.all([page.waitForEvent('download'), action()]);
    return readFile(await download.path());
  };
}

function opensNothing(): Promise<string> {
  return Promise.reject(new Error('no page is opened beside the dashboard'));
}

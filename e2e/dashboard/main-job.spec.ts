import { chromium as browserType, expect, test } from '@playwright/test';
import { BOOTSTRAP_TIMEOUT_MS } from '../fixtures/images.ts';
import { startDebianRegistry } from '../fixtures/debian-registry.ts';
import { serveEngine } from '../fixtures/engine.ts';
import { chromium } from '../fixtures/paths.ts';
import { doMainJob } from '../window/main-job.ts';

test('the main job in a browser, through the dashboard', async () => {
  test.setTimeout(BOOTSTRAP_TIMEOUT_MS);
  await using registry = await startDebianRegistry();
  await using engine = await serveEngine('--dashboard');
  const [, url = ''] = await engine.serving.saysOnStdout(/^Dashboard: (\S+)$/m);
  const browser = await browserType.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(url);
    await doMainJob(page, {
      image: registry.image,
      resize: (width, height) => page.setViewportSize({ width, height }),
    });
    expect(page.url()).not.toContain('token');
    expect(faults).toEqual([]);

    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(url);
    await expect(stranger.getByText('This address is no longer valid')).toBeVisible();
  } finally {
    await browser.close();
  }
});

import { chromium as browserType, expect, type Page, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { serveEngine } from '../fixtures/engine.ts';
import { chromium } from '../fixtures/paths.ts';
import { doFilesJob } from '../window/files-job.ts';
import { doNetworksJob } from '../window/networks-job.ts';
import { doVolumesJob } from '../window/volumes-job.ts';
import type { WindowHost } from '../window/window-host.ts';

const JOBS = { networks: doNetworksJob, volumes: doVolumesJob, files: doFilesJob } as const;

for (const [name, job] of Object.entries(JOBS)) {
  test(`${name} in a browser, through the dashboard`, async () => {
    await using engine = await serveEngine('--dashboard');
    await engine.cli.must('starter', 'busybox');
    const [, url = ''] = await engine.serving.saysOnStdout(/^Dashboard: (\S+)$/m);
    const browser = await browserType.launch({
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(url);
      await expect(page.getByText('Engine running')).toBeVisible();
      await job(browserHost(page));
    } finally {
      await browser.close();
    }
  });
}

function browserHost(page: Page): WindowHost {
  return {
    page,
    opened: async (action) => {
      const opening = page.context().waitForEvent('page');
      await action();
      const opened = await opening;
      await opened.waitForURL(/^http:/);
      const url = opened.url();
      await opened.close();
      return url;
    },
    saved: async (action) => {
      const downloading = page.waitForEvent('download');
      await action();
      return readFile(await (await downloading).path());
    },
  };
}

import { expect, type Locator, type Page } from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WindowHost } from './window-host.ts';
import { WindowPage } from './window-page.ts';

export const BUILT = 'harbour/pilot:1';

const DOCKERFILE = `FROM busybox AS cargo
RUN echo "loading the cargo" && mkdir /hold && head -c 3000000 /dev/zero > /hold/ballast

FROM busybox AS pilot
COPY --from=cargo /hold /hold
COPY greeting /greeting
RUN echo "reading the greeting" && cat /greeting
CMD ["cat", "/greeting"]

FROM pilot AS stranded
RUN echo "no water under the keel" && exit 7
`;

/** A folder with a Dockerfile of three stages, of which the last one fails. Needs the image `busybox`. */
export async function writeProject(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'Dockerfile'), DOCKERFILE);
  await writeFile(path.join(folder, 'greeting'), 'ahoy from the pilot\n');
}

/** A build from its form to its image, the same again from the cache, one with a changed file, and one that fails. */
export async function doBuildsJob(
  { page, picture }: WindowHost,
  chooseFolder: () => Promise<void>,
  project: string,
): Promise<void> {
  await new WindowPage(page).goTo('Builds');
  await expect(page.getByText('No builds yet')).toBeVisible();
  await picture?.('builds-empty');
  await page.getByRole('button', { name: 'Build image' }).first().click();
  await fillIn(page, chooseFolder);
  await picture?.('build-dialog');
  await start(page);
  await ends(page, 'Built');
  await readSteps(page);
  await picture?.('build');
  await lookAtTheResult(page);
  await picture?.('build-result');

  await again(page);
  await ends(page, 'Built');
  await expect(step(page, 'RUN echo "loading').getByText('Cached')).toBeVisible();
  await expect(step(page, 'COPY greeting').getByText('Cached')).toBeVisible();

  await writeFile(path.join(project, 'greeting'), 'ahoy from another pilot\n');
  await again(page);
  await ends(page, 'Built');
  await expect(step(page, 'RUN echo "loading').getByText('Cached')).toBeVisible();
  await expect(step(page, 'COPY greeting')).toContainText('the files that it takes have changed');
  await picture?.('build-missed');

  await again(page, 'stranded');
  await ends(page, 'Failed');
  await expect(page.getByRole('alert')).toContainText('7');
  await expect(page.getByRole('log')).toContainText('no water under the keel');
  await picture?.('build-failed');
}

async function fillIn(page: Page, chooseFolder: () => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Build image' });
  await chooseFolder();
  await dialog.getByRole('button', { name: 'Choose…' }).click();
  await expect(dialog.getByLabel('Folder', { exact: true })).not.toHaveValue('');
  await dialog.getByLabel('Tags').fill(BUILT);
  await dialog.getByLabel('Target').fill('pilot');
  await dialog.getByRole('button', { name: 'Check Dockerfile' }).click();
  await expect(dialog.getByText('The checks have nothing to say')).toBeVisible();
}

async function start(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Build image' });
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
  await expect(page.getByRole('heading', { name: BUILT })).toBeVisible();
}

async function again(page: Page, target = 'pilot'): Promise<void> {
  await page.getByRole('button', { name: 'Build again…' }).click();
  await page.getByRole('dialog').getByLabel('Target').fill(target);
  await start(page);
}

async function ends(page: Page, word: 'Built' | 'Failed'): Promise<void> {
  await expect(page.getByText(word, { exact: true })).toBeVisible({ timeout: 60_000 });
}

function step(page: Page, instruction: string): Locator {
  return page.getByRole('table', { name: 'Steps' }).getByRole('row').filter({ hasText: instruction });
}

/** What each step wrote is in its log; those of the other stage ran as well. */
async function readSteps(page: Page): Promise<void> {
  await step(page, 'RUN echo "reading').getByRole('button').first().click();
  await expect(page.getByRole('log')).toContainText('ahoy from the pilot');
  await step(page, 'RUN echo "loading').getByRole('button').first().click();
  await expect(page.getByRole('log')).toContainText('loading the cargo');
  await expect(step(page, 'no water')).toHaveCount(0);
}

async function lookAtTheResult(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Result' }).click();
  const sizes = page.getByRole('region', { name: 'Size by step' });
  await expect(sizes.getByRole('listitem').first()).toContainText('/hold');
  const files = page.getByRole('region', { name: 'Biggest files' });
  await files.getByRole('button').click();
  await expect(files.getByRole('listitem').first()).toContainText('/hold/ballast');
}

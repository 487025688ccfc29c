import { expect, test } from '@playwright/test';
import path from 'node:path';
import { CommandLine } from '../fixtures/cli.ts';
import { electronHost, type RunningApp, startApp } from '../fixtures/electron-app.ts';
import { makeFolders } from '../fixtures/folders.ts';
import { BUILT, doBuildsJob, writeProject } from '../window/builds-job.ts';
import { WindowPage } from '../window/window-page.ts';

test('builds in the real window: made, cached, failed, and remembered when it opens again', async () => {
  test.setTimeout(240_000);
  await using folders = await makeFolders();
  const project = path.join(folders.data, '..', 'project');
  await writeProject(project);
  {
    await using running = await startApp(folders);
    await expect(running.page.getByText('Engine running')).toBeVisible();
    await new CommandLine(folders).must('starter', 'busybox');
    await doBuildsJob(electronHost(running), () => answerWithFolder(running, project), project);
  }
  await using reopened = await startApp(folders);
  await seeHistory(reopened);
});

/** The desktop's dialog for folders answers so. */
function answerWithFolder({ app }: RunningApp, folder: string): Promise<void> {
  return app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, folder);
}

async function seeHistory({ page }: RunningApp): Promise<void> {
  await expect(page.getByText('Engine running')).toBeVisible();
  await new WindowPage(page).goTo('Builds');
  const builds = page.getByRole('grid', { name: 'Builds' });
  await expect(builds.getByRole('link', { name: BUILT })).toHaveCount(4);
  await expect(builds.getByRole('row').filter({ hasText: 'Failed' })).toContainText('stranded');
  await builds.getByRole('row').filter({ hasText: 'Built' }).last().getByRole('link').click();
  const steps = page.getByRole('table', { name: 'Steps' });
  await steps.getByRole('row').filter({ hasText: 'RUN echo "reading' }).getByRole('button').first().click();
  await expect(page.getByRole('log')).toContainText('ahoy from the pilot');
}

import { expect, type Page, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { CommandLine } from '../fixtures/cli.ts';
import { startApp } from '../fixtures/electron-app.ts';
import { makeFolders } from '../fixtures/folders.ts';
import { WindowPage } from '../window/window-page.ts';

const run = promisify(execFile);

test('docker at work beside the real window: the context, and what happens, at once', async () => {
  test.setTimeout(120_000);
  await using folders = await makeFolders();
  const config = path.join(folders.data, '..', 'docker-config');
  await mkdir(config);
  const env = { DOCKER_CONFIG: config };
  await using running = await startApp(folders, env);
  const { page } = running;
  await expect(page.getByText('Engine running')).toBeVisible();
  await new CommandLine(folders).must('starter', 'busybox');
  // A variable of whoever runs the tests would have the last word.
  const { DOCKER_HOST: _host, DOCKER_CONTEXT: _context, ...rest } = process.env;
  const docker = async (...words: string[]) => {
    const { stdout } = await run('docker', words, { env: { ...rest, ...env } });
    return stdout.trim();
  };

  await installContext(page, docker);
  await seeWhatDockerDoes(page, docker);
  await takeContextAway(page, config);
});

type Docker = (...words: string[]) => Promise<string>;

async function installContext(page: Page, docker: Docker): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Docker tools' }).click();
  await expect(page.getByRole('region', { name: 'Docker API' })).toContainText('Answers');
  const context = page.getByRole('region', { name: 'Context of docker’s command line' });
  await context.getByRole('button', { name: 'Install context' }).click();
  await expect(context).toContainText('“longshore” leads to this engine');
  expect(await docker('context', 'ls', '--format', '{{.Name}}')).toContain('longshore');
  expect(await docker('--context', 'longshore', 'images', '--format', '{{.Repository}}')).toBe('busybox');
  await context.getByRole('checkbox', { name: 'docker uses this engine by itself' }).click();
  await expect(context.getByRole('checkbox')).toBeChecked();
  expect(await docker('context', 'show')).toBe('longshore');
}

/** Nothing is reloaded: the window hears of it. */
async function seeWhatDockerDoes(page: Page, docker: Docker): Promise<void> {
  const window = new WindowPage(page);
  await window.goTo('Containers');
  await docker('run', '-d', '--name', 'tug', '--label', 'crew=3', 'busybox', 'sleep', '1000000');
  await expect(window.row('tug')).toContainText('Running');
  await window.goTo('Events');
  const events = page.getByRole('grid', { name: 'Events' });
  const row = (text: string) => events.getByRole('row').filter({ hasText: 'tug' }).filter({ hasText: text });
  await expect(row('Started')).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await docker('kill', '-s', 'KILL', 'tug');
  await page.getByRole('button', { name: /new events?$/ }).click();
  await expect(row('Ended')).toContainText('137');
  await row('Started').click();
  const panel = page.getByRole('complementary', { name: 'Event' });
  await expect(panel).toContainText('crew');
  await panel.getByRole('button', { name: 'Only events of tug' }).click();
  await docker('network', 'create', 'quay');
  await expect(events.getByRole('row').filter({ hasText: 'quay' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Only tug' }).click();
  await expect(events.getByRole('row').filter({ hasText: 'quay' })).toContainText('Created');
  await docker('rm', 'tug');
  await expect(row('Deleted')).toBeVisible();
  await docker('network', 'rm', 'quay');
}

async function takeContextAway(page: Page, config: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Docker tools' }).click();
  const context = page.getByRole('region', { name: 'Context of docker’s command line' });
  await context.getByRole('button', { name: 'Remove context' }).click();
  await expect(context).toContainText('is not there');
  expect(JSON.parse(await readFile(path.join(config, 'config.json'), 'utf8'))).toEqual({});
}

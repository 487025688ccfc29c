import { expect, type Page } from '@playwright/test';
import { WindowPage } from './window-page.ts';

export interface MainJobOptions {
  /** A Debian image in a registry: `127.0.0.1:PORT/debian:bookworm`. */
  readonly image: string;
  /** Makes the window another width, by the means of its host. */
  readonly resize: (width: number, height: number) => Promise<void>;
  /** Called where a picture is worth taking. */
  readonly picture?: (name: string) => Promise<void>;
}

const NAME = 'tide';
const SCRIPT = `sh -c 'trap "exit 0" TERM; n=0; while :; do echo "wave $n"; n=$((n+1)); sleep 0.1; done'`;

/** The main job, from the empty window to the empty window: pull, run, logs, terminal, inspect, stop, remove. */
export async function doMainJob(page: Page, { image, resize, picture }: MainJobOptions): Promise<void> {
  const window = new WindowPage(page);
  await expect(page.getByText('Engine running')).toBeVisible();
  await window.goTo('Containers');
  await expect(page.getByText('No containers yet')).toBeVisible();
  await picture?.('empty');

  const panel = await window.pull(image);
  await expect(panel.getByText(/2 layers/)).toBeVisible();
  await expect(panel.getByText(/On this machine/)).toBeVisible();
  // The row of the pull makes room for that of the image.
  await expect(window.row('debian')).toHaveCount(1);
  await expect(window.row('debian')).toContainText('bookworm');
  await picture?.('images');

  await window.run({ image, name: NAME, command: SCRIPT }, () => picture?.('run') ?? Promise.resolve());
  await window.openTab('Logs');
  await expect(window.log(NAME)).toContainText('wave 10');
  await picture?.('logs');

  await window.openTab('Terminal');
  await useTerminal(window, resize);
  await picture?.('terminal');

  await window.openTab('Overview');
  await expect(page.getByRole('region', { name: 'Network' })).toContainText(/\d+\.\d+\.\d+\.\d+/);
  await picture?.('overview');
  await watchIt(window);
  await picture?.('stats');
  await window.openTab('Inspect');
  await expect(page.getByRole('tree')).toContainText(NAME);

  await page.reload();
  await window.goTo('Containers');
  await expect(window.row(NAME)).toContainText('Running');
  await expect(window.row(NAME)).toContainText(/\d+\.\d%/);
  await picture?.('containers');
  await window.row(NAME).getByText(NAME, { exact: true }).click();
  await window.openTab('Logs');
  await expect(window.log(NAME)).toContainText(/wave \d{2,}/);

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
  await window.menuAction('Delete…');
  await page.getByRole('alertdialog').or(window.dialog).getByRole('button', { name: 'Delete' }).click();
  await window.goTo('Containers');
  await expect(page.getByText('No containers yet')).toBeVisible();
}

/** What the kernel counts of it, what runs in it, how its files differ, and what happened to it. */
async function watchIt(window: WindowPage): Promise<void> {
  const { page } = window;
  await window.openTab('Processes');
  await expect(page.getByRole('region', { name: `Processes of ${NAME}` })).toContainText('sleep 0.1');
  await window.openTab('Changed files');
  await expect(page.getByRole('region', { name: 'What differs from the image' })).toContainText(
    '/root/been-here',
  );
  await window.openTab('Events');
  await expect(page.getByRole('region', { name: `Events of ${NAME}` })).toContainText('Started');
  await window.openTab('Stats');
  const line = page.getByRole('region', { name: 'Processor', exact: true }).locator('.chart-line');
  await expect(line).toHaveAttribute('d', /L.*L/);
}

/** What is typed is looked for in its result, not in its echo: the shell has to do the sum. */
async function useTerminal(window: WindowPage, resize: MainJobOptions['resize']): Promise<void> {
  const screen = window.terminal(NAME);
  await expect(screen).toContainText(/[#$]/);
  await screen.click();
  await window.type('echo sum-$((20+22)); cat /srv/greeting; touch /root/been-here');
  await expect(screen).toContainText('sum-42');
  await expect(screen).toContainText('ahoy');

  await resize(1500, 900);
  const before = await columns(window);
  await resize(1000, 700);
  await expect(async () => {
    expect(await columns(window)).toBeLessThan(before);
  }).toPass();
  await resize(1280, 800);
}

/** What the shell in the container believes its terminal to be wide. */
async function columns(window: WindowPage): Promise<number> {
  await window.type('clear; echo "cols=$(stty size | cut -d" " -f2)="');
  const screen = window.terminal(NAME);
  await expect(screen).toContainText(/cols=\d+=/);
  const [, width = '0'] = /cols=(\d+)=/.exec((await screen.textContent()) ?? '') ?? [];
  return Number(width);
}

/** `npm start`: sets everything up, then opens the window, or serves the dashboard where there is no display. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { sandboxCommand } from './lib/chromium-sandbox.mjs';
import { ensureElectron } from './lib/electron-runtime.mjs';
import { buildAgent, buildApp, installPackages } from './lib/prepare.mjs';
import { root, runMain, StepFailed } from './lib/run.mjs';
import { ensureSystemPackages, WINDOW_LIBRARIES } from './lib/system-packages.mjs';
import { checkToolchain } from './lib/toolchain.mjs';

/** Chromium has no sandbox for root. */
const isRoot = process.getuid?.() === 0;

runMain(async () => {
  checkToolchain();
  const installed = await installPackages();
  const electron = hasDisplay() ? await prepareWindow() : undefined;
  const built = [installed, await buildAgent(), await buildApp()];
  if (!built.includes(true)) console.log('Everything is up to date.');
  const options = process.argv.slice(2);
  if (electron === undefined) {
    console.log(
      hasDisplay() ? 'Opening the dashboard instead of the window.' : 'No display: serving the dashboard.',
    );
    return inForeground(process.execPath, ['engine/bin/longshore.js', ...options, 'serve', '--dashboard']);
  }
  return inForeground(path.join(electron, 'electron'), [
    ...(isRoot ? ['--no-sandbox'] : []),
    path.join(root, 'electron'),
    ...options,
  ]);
});

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

async function prepareWindow() {
  const command = await ensureSystemPackages(WINDOW_LIBRARIES);
  if (command.length > 0) {
    throw new StepFailed(
      `The window needs libraries that this system lacks. Install them with:\n\n  ${command.join(' ')}\n`,
    );
  }
  const electron = await ensureElectron();
  const needed = isRoot || electron === undefined ? undefined : sandboxCommand(electron);
  if (needed !== undefined) {
    throw new StepFailed(
      `Chromium's sandbox is not allowed to work on this system. Allow it once with:\n\n  ${needed}\n`,
    );
  }
  return electron;
}

/**
 * Gives the terminal to the program and takes its exit code. Ctrl+C reaches it directly.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function inForeground(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

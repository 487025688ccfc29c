import { existsSync } from 'node:fs';
import { bin, mustRun, root } from './run.mjs';
import { unlessUpToDate } from './stamp.mjs';
import { hostTriple } from './toolchain.mjs';

const WORKSPACES = ['engine', 'electron', 'renderer', 'e2e'];
const PACKAGE_FILES = [
  'package.json',
  'package-lock.json',
  ...WORKSPACES.map((name) => `${name}/package.json`),
];

/** Where `buildAgent` puts the agent; the engine looks for it there in a checkout. */
export const AGENT_OUTPUT = 'native/target/longshore-agent';

/** Installs the npm packages of the lock file. */
export function installPackages() {
  return unlessUpToDate({
    name: 'npm',
    inputs: PACKAGE_FILES,
    outputs: ['node_modules/.package-lock.json'],
    build: async () => {
      console.log('Installing npm packages');
      await mustRun('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    },
  });
}

/** Builds the agent: release, one static binary. */
export function buildAgent() {
  return unlessUpToDate({
    name: 'agent',
    inputs: ['native/Cargo.toml', 'native/Cargo.lock', 'native/.cargo', 'native/crates', 'native/proto'],
    outputs: [AGENT_OUTPUT],
    build: async () => {
      console.log('Building the agent (a few minutes the first time)');
      const target = hostTriple();
      // A --target of its own keeps crt-static away from build scripts and proc macros (native/.cargo/config.toml).
      const args = ['build', '--release', '--locked', '--quiet', '-p', 'longshore-agent', '--target', target];
      await mustRun('cargo', args, { cwd: `${root}/native` });
      const folder = process.env['CARGO_TARGET_DIR'] ?? `${root}/native/target`;
      await mustRun('install', [
        '-D',
        '-m',
        '0755',
        `${folder}/${target}/release/longshore-agent`,
        AGENT_OUTPUT,
      ]);
    },
  });
}

/** Builds the renderer, the command line and Electron's main and preload. */
export function buildApp() {
  return unlessUpToDate({
    name: 'app',
    inputs: [...PACKAGE_FILES, 'tsconfig.base.json', 'engine', 'electron', 'renderer'],
    outputs: ['renderer/dist/index.html', 'engine/dist/longshore.js', 'electron/dist/main/index.js'],
    build: async () => {
      console.log('Building the app');
      await mustRun(bin('vite'), ['build', '--logLevel', 'warn'], { cwd: `${root}/renderer` });
      await mustRun(bin('vite'), ['build', '--logLevel', 'warn'], { cwd: `${root}/engine` });
      // Quiet: it would warn that it has no renderer, which is built above.
      await mustRun(bin('electron-vite'), ['build'], { cwd: `${root}/electron`, quiet: true });
    },
  });
}

/** Whether this checkout has its packages; scripts that import them check first. */
export function packagesInstalled() {
  return existsSync(`${root}/node_modules/.package-lock.json`);
}

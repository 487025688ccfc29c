import { existsSync } from 'node:fs';
import { capture, mustRun, run, StepFailed } from './run.mjs';

/**
 * A thing that the system must have: a shared library by soname, or a command by path; and the Debian packages that
 * bring it, the first that the distribution knows wins (Ubuntu 24.04 renamed some for its 64-bit time_t).
 * @typedef {{ soname?: string, file?: string, packages: readonly string[] }} Requirement
 */

/** What an Electron window links to. @type {readonly Requirement[]} */
export const WINDOW_LIBRARIES = [
  { soname: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
  { soname: 'libnss3.so', packages: ['libnss3'] },
  { soname: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
  { soname: 'libgbm.so.1', packages: ['libgbm1'] },
  { soname: 'libatk-bridge-2.0.so.0', packages: ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'] },
  { soname: 'libatspi.so.0', packages: ['libatspi2.0-0t64', 'libatspi2.0-0'] },
  { soname: 'libcups.so.2', packages: ['libcups2t64', 'libcups2'] },
  { soname: 'libdrm.so.2', packages: ['libdrm2'] },
  { soname: 'libxkbcommon.so.0', packages: ['libxkbcommon0'] },
  { soname: 'libXcomposite.so.1', packages: ['libxcomposite1'] },
  { soname: 'libXdamage.so.1', packages: ['libxdamage1'] },
  { soname: 'libXfixes.so.3', packages: ['libxfixes3'] },
  { soname: 'libXrandr.so.2', packages: ['libxrandr2'] },
  { soname: 'libpango-1.0.so.0', packages: ['libpango-1.0-0'] },
  { soname: 'libcairo.so.2', packages: ['libcairo2'] },
  { soname: 'libexpat.so.1', packages: ['libexpat1'] },
];

/** What the tests use besides: a display, a registry, a shell for containers. @type {readonly Requirement[]} */
export const TEST_TOOLS = [
  { file: '/usr/bin/Xvfb', packages: ['xvfb'] },
  { file: '/usr/bin/xauth', packages: ['xauth'] },
  { file: '/usr/bin/skopeo', packages: ['skopeo'] },
  { file: '/usr/bin/docker-registry', packages: ['docker-registry'] },
  { file: '/bin/busybox', packages: ['busybox-static'] },
  { file: '/usr/sbin/debootstrap', packages: ['debootstrap'] },
  { file: '/usr/bin/chromium', packages: ['chromium', 'chromium-browser'] },
  { file: '/usr/sbin/iptables', packages: ['iptables'] },
  { file: '/sbin/ip', packages: ['iproute2'] },
];

/** What the benchmark needs; runc and docker are measured only where they are installed already. @type {readonly Requirement[]} */
export const BENCH_TOOLS = [
  { file: '/usr/bin/docker-registry', packages: ['docker-registry'] },
  { file: '/bin/busybox', packages: ['busybox-static'] },
];

/**
 * Makes sure that the system has what is required: root on a Debian-like system installs what is missing.
 * @param {readonly Requirement[]} requirements
 * @returns {Promise<readonly string[]>} The command that would install the missing ones; empty when none is missing.
 */
export async function ensureSystemPackages(requirements) {
  const missing = missingOf(requirements);
  if (missing.length === 0) return [];
  if (capture('apt-get', ['--version']) === undefined) {
    throw new StepFailed(
      `This system lacks ${missing.map(nameOf).join(', ')}; install them with its package manager.`,
    );
  }
  if (process.getuid?.() !== 0) return ['sudo', 'apt-get', 'install', '-y', ...packagesFor(missing)];
  await run('apt-get', ['update', '-qq'], { quiet: true });
  const packages = packagesFor(missing);
  console.log(`Installing system packages: ${packages.join(' ')}`);
  await mustRun('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    quiet: true,
  });
  return [];
}

/** @param {readonly Requirement[]} requirements */
function missingOf(requirements) {
  const libraries = capture('/sbin/ldconfig', ['-p']) ?? '';
  return requirements.filter(({ soname, file }) =>
    soname === undefined ? !existsSync(file ?? '') : !libraries.includes(`\t${soname} `),
  );
}

/** @param {readonly Requirement[]} requirements */
function packagesFor(requirements) {
  return requirements.map(({ packages }) => {
    const known = packages.find((name) => capture('apt-cache', ['show', '--no-all-versions', name]));
    return known ?? packages[packages.length - 1] ?? '';
  });
}

/** @param {Requirement} requirement */
function nameOf({ soname, file }) {
  return soname ?? file ?? '';
}

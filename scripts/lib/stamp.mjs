import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './run.mjs';

const IGNORED = new Set([
  'node_modules',
  'target',
  'dist',
  'out',
  '.tsbuild',
  '.cache',
  'generated',
  'test-results',
]);

/**
 * Runs `build` unless the same inputs have been built already and every output is still there.
 * Inputs are compared by content, so that a fresh checkout or a touched file rebuilds nothing needlessly.
 * @param {object} step
 * @param {string} step.name
 * @param {readonly string[]} step.inputs Files and folders, relative to the root.
 * @param {readonly string[]} step.outputs Files, relative to the root.
 * @param {() => Promise<void>} step.build
 * @returns {Promise<boolean>} Whether it was built now.
 */
export async function unlessUpToDate({ name, inputs, outputs, build }) {
  const stamp = path.join(root, '.cache', 'stamps', name);
  const digest = digestOf(inputs);
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  if (fresh && outputs.every((output) => existsSync(path.join(root, output)))) return false;
  await build();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  return true;
}

/** @param {readonly string[]} inputs */
function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) addTo(hash, input);
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} relative
 */
function addTo(hash, relative) {
  const full = path.join(root, relative);
  if (!existsSync(full)) return;
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) {
      if (!IGNORED.has(name) && !name.endsWith('.tsbuildinfo')) addTo(hash, path.join(relative, name));
    }
    return;
  }
  hash.update(`${relative}\0`).update(readFileSync(full)).update('\0');
}

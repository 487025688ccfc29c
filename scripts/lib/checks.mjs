import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bin, root, run } from './run.mjs';
import { broken, tally } from './tally.mjs';
import { hostTriple } from './toolchain.mjs';

const GENERATED = 'engine/src/agent-client/generated';

/** @typedef {{ name: string, run: () => Promise<number> }} Check */

/** Everything about the code that needs no running of it. @type {readonly Check[]} */
const CHECKS = [
  { name: 'format', run: () => run(bin('prettier'), ['--check', '--log-level', 'warn', '.']) },
  { name: 'types', run: () => run(bin('tsc'), ['-b']) },
  { name: 'lint', run: () => run(bin('eslint'), ['.', '--max-warnings', '0']) },
  {
    name: 'dependency rules',
    run: () => run(bin('depcruise'), ['engine', 'electron', 'renderer', 'e2e', 'scripts'], { quiet: true }),
  },
  { name: 'proto lint', run: () => run(bin('buf'), ['lint']) },
  { name: 'generated code is current', run: generatedIsCurrent },
  { name: 'rustfmt', run: () => run('cargo', ['fmt', '--all', '--check'], { cwd: `${root}/native` }) },
  { name: 'clippy', run: clippy },
];

/** Runs all checks, goes on after a failure, and counts each as one. */
export async function runChecks() {
  const results = [];
  for (const check of CHECKS) {
    const code = await check.run().catch(() => 1);
    console.log(`${code === 0 ? '✓' : '✗'} ${check.name}`);
    results.push(code === 0 ? tally({ passed: 1 }) : broken(check.name));
  }
  return results;
}

async function generatedIsCurrent() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'longshore-generated-'));
  try {
    const code = await run(bin('buf'), ['generate', '--output', folder], { quiet: true });
    if (code !== 0) return code;
    return await run('diff', ['-r', GENERATED, path.join(folder, GENERATED)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function clippy() {
  const args = ['clippy', '--workspace', '--all-targets', '--locked', '--quiet', '--target', hostTriple()];
  return run('cargo', [...args, '--', '-D', 'warnings'], { cwd: `${root}/native` });
}

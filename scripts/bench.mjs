/**
 * `npm run bench -- [PART...] [ROUNDS]`: sets everything up and measures all parts or those named (`e2e/bench/main.ts`),
 * side by side with the peers that this machine has.
 */
import { existsSync } from 'node:fs';
import { buildAgent, installPackages } from './lib/prepare.mjs';
import { bin, mustRun, root, run, runMain, StepFailed } from './lib/run.mjs';
import { ensureSystemPackages, BENCH_TOOLS } from './lib/system-packages.mjs';
import { checkToolchain, hostTriple } from './lib/toolchain.mjs';

runMain(async () => {
  if (process.getuid?.() !== 0)
    throw new StepFailed('The benchmark makes containers with the real agent: run it as root.');
  checkToolchain();
  await installPackages();
  await ensureSystemPackages(BENCH_TOOLS);
  await buildAgent();
  const words = process.argv.slice(2);
  if (words.includes('containers') || words.every((word) => /^\d+$/.test(word))) await agentBench();
  return run(bin('tsx'), ['e2e/bench/main.ts', ...words]);
});

/** The agent alone, over its own protocol: what the engine adds is the difference. */
async function agentBench() {
  if (!existsSync(`${root}/native/crates/agent/examples/bench.rs`)) return;
  const args = ['run', '--release', '--quiet', '--locked', '-p', 'longshore-agent', '--example', 'bench'];
  console.log('Agent');
  await mustRun('cargo', [...args, '--target', hostTriple(), '--', `${root}/native/target/longshore-agent`], {
    cwd: `${root}/native`,
  });
}

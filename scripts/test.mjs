/**
 * `npm test [check|unit|integration|e2e ...]`: sets everything up and runs the tiers named, all by default.
 * The last line is the count; what this machine cannot do is skipped by name.
 */
import { buildAgent, buildApp, installPackages } from './lib/prepare.mjs';
import { runMain, StepFailed } from './lib/run.mjs';
import { ensureSystemPackages, TEST_TOOLS, WINDOW_LIBRARIES } from './lib/system-packages.mjs';
import { sum } from './lib/tally.mjs';
import { checkToolchain } from './lib/toolchain.mjs';

runMain(async () => {
  checkToolchain();
  await installPackages();
  const { TIERS } = await import('./lib/tiers.mjs');
  const chosen = chooseTiers(TIERS, process.argv.slice(2));
  if (chosen.some((tier) => tier === TIERS.integration || tier === TIERS.e2e)) await prepareRealThing();

  const results = [];
  for (const tier of chosen) {
    console.log(`\n── ${tier.name}`);
    results.push(...(await tier.run()));
  }
  const total = sum(results);
  console.log('');
  for (const name of total.skippedNames) console.log(`skipped: ${name}`);
  for (const name of total.failedNames) console.log(`failed: ${name}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

/** What the tiers with real parts need; the names of what is missing are printed, and their tests are skipped. */
async function prepareRealThing() {
  const command = await ensureSystemPackages([...WINDOW_LIBRARIES, ...TEST_TOOLS]);
  if (command.length > 0)
    console.log(`Some tests will be skipped; for all of them run:\n  ${command.join(' ')}`);
  await buildAgent();
  await buildApp();
}

/**
 * @param {typeof import('./lib/tiers.mjs').TIERS} tiers
 * @param {readonly string[]} names
 */
function chooseTiers(tiers, names) {
  if (names.length === 0) return Object.values(tiers);
  return names.map((name) => {
    const tier = Object.entries(tiers).find(([key]) => key === name)?.[1];
    if (tier === undefined)
      throw new StepFailed(`There is no tier "${name}": choose of ${Object.keys(tiers).join(', ')}`);
    return tier;
  });
}

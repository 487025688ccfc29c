/** `npm run build`: the agent and the app. */
import { buildAgent, buildApp, installPackages } from './lib/prepare.mjs';
import { runMain } from './lib/run.mjs';
import { checkToolchain } from './lib/toolchain.mjs';

runMain(async () => {
  checkToolchain();
  await installPackages();
  await buildAgent();
  await buildApp();
});

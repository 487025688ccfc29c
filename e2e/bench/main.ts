/** `main.ts [PART...] [ROUNDS]`: measures the parts that are named, one after another, or all of them. */
import { benchApi } from './api.ts';
import { benchBuilds } from './build.ts';
import { benchContainers } from './containers.ts';
import { benchNetworks } from './network.ts';
import { benchPulls } from './pull.ts';

/** Sets up what it needs, measures, prints its report and leaves nothing behind. */
type Part = (rounds: number) => Promise<void>;

const PARTS: Readonly<Record<string, Part>> = {
  api: benchApi,
  build: benchBuilds,
  containers: benchContainers,
  network: benchNetworks,
  pull: benchPulls,
};

const words = process.argv.slice(2);
const names = words.filter((word) => !/^\d+$/.test(word));
const rounds = Number(words.find((word) => /^\d+$/.test(word)) ?? 50);
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

for (const [name, part] of Object.entries(PARTS)) {
  if (names.length === 0 || names.includes(name)) await part(rounds);
}

/** Our engine in a process of its own, so that its memory and its event loop are nobody else's. Its parent sends orders. */
import { createEngine } from '@longshore/engine';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolders } from '../fixtures/folders.ts';
import { agentProgram } from '../fixtures/paths.ts';
import { residentBytes, watchMemory } from './memory.ts';
import type { PullCost } from './puller.ts';

export type PullOrder =
  | { readonly what: 'pull'; readonly images: readonly string[] }
  | { readonly what: 'remove'; readonly images: readonly string[] }
  | { readonly what: 'end' };

export type PullAnswer = { readonly cost?: PullCost } | { readonly failure: string };

const LOOP_RESOLUTION_MS = 5;
const context = { signal: new AbortController().signal };

const folders = await makeFolders();
const engine = await createEngine({
  dataDir: folders.data,
  runDir: folders.run,
  agent: { binary: agentProgram },
});

process.on('message', (order: PullOrder) => {
  obey(order).then(
    (cost) => answer(cost === undefined ? {} : { cost }),
    (thrown: unknown) => answer({ failure: String(thrown) }),
  );
});
answer({});

function answer(message: PullAnswer): void {
  process.send?.(message);
}

async function obey(order: PullOrder): Promise<PullCost | undefined> {
  switch (order.what) {
    case 'pull':
      return measured(() => Promise.all(order.images.map(pull)));
    case 'remove':
      await remove(order.images);
      return undefined;
    case 'end':
      await engine[Symbol.asyncDispose]();
      await folders[Symbol.asyncDispose]();
      process.exit();
  }
}

/** Does the work and says what it took. */
async function measured(work: () => Promise<unknown>): Promise<PullCost> {
  const { agent } = await engine.handlers.system.info({}, context);
  if (agent.status !== 'running') throw new Error(`The agent is ${agent.status}.`);
  const idle = await residentBytes(agent.pid);
  const memory = [await watchMemory(process.pid), await watchMemory(agent.pid)] as const;
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  await work();
  loop.disable();
  return {
    engineBytes: await memory[0].growth(),
    agentBytes: idle + (await memory[1].growth()),
    // The histogram has the whole time from one tick of its timer to the next.
    loopDelay: Math.max(0, loop.max / 1e6 - LOOP_RESOLUTION_MS),
  };
}

async function pull(reference: string): Promise<void> {
  const input = { reference, insecure: false, background: false };
  let last = 'nothing';
  for await (const { stage } of engine.handlers.images.pull(input, context)) last = stage;
  if (last !== 'done') throw new Error(`the pull of ${reference} ended while ${last}`);
}

async function remove(images: readonly string[]): Promise<void> {
  for (const image of images) await engine.handlers.images.remove({ image, force: false }, context);
  // The agent deletes them behind its answer.
  const trash = path.join(folders.data, 'agent/layers/trash');
  while ((await readdir(trash)).length > 0) await delay(20);
}

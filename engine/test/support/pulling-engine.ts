import { createEngine } from '../../src/index.ts';

/**
 * A program of its own, which a test can kill: an engine that pulls one image, and writes each state of the pull as a
 * line of JSON. Arguments: data folder, run folder, agent, reference.
 */
const [dataDir = '', runDir = '', binary = '', reference = ''] = process.argv.slice(2);
const engine = await createEngine({ dataDir, runDir, agent: { binary } });
const request = { reference, insecure: false, background: false };
for await (const progress of engine.handlers.images.pull(request, { signal: new AbortController().signal })) {
  process.stdout.write(`${JSON.stringify(progress)}\n`);
}

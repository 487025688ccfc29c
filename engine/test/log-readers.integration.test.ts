import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { MemoryPeak } from './support/memory.ts';
import { parentOf } from './support/process-state.ts';
import { ToldContainers } from './support/told-containers.ts';

const MIB = 1024 * 1024;
/** What the agent may use while it hands on logs of any length: some messages for each reader, and itself. */
const AGENT_BYTES = 64 * MIB;
const SUPERVISOR_BYTES = 8 * MIB;
const LONG = 100_000_000;

describeReal('readers of logs', () => {
  let engine: RealEngine;
  let told: ToldContainers;

  beforeEach(async () => {
    engine = await RealEngine.open();
    told = await ToldContainers.on(engine);
  });
  afterEach(async () => {
    await engine[Symbol.asyncDispose]();
    await told[Symbol.asyncDispose]();
  });

  async function countOf(pieces: AsyncIterable<Uint8Array>): Promise<number> {
    let bytes = 0;
    for await (const { byteLength } of pieces) bytes += byteLength;
    return bytes;
  }

  it('that follow lose no line to rotations', async () => {
    const count = 30_000;
    const log = { maxSizeBytes: 4096, maxFiles: 1000 };
    const { id } = await told.run(`${told.until('go')}; seq 1 ${count}`, { log });
    const reading = told.containers.log(id);
    await told.tell('go');
    const lines = (await reading).split('\n').slice(0, -1);
    expect(lines).toEqual(Array.from({ length: count }, (_, index) => String(index + 1)));
  });

  it('get every byte as it was written', async () => {
    const { id } = await told.run('head -c 8000000 /dev/urandom | tee /data/written');
    const read = createHash('sha256');
    for await (const piece of told.bytesOf(id)) read.update(piece);
    const written = createHash('sha256').update(await readFile(join(told.folder, 'written')));
    expect(read.digest('hex')).toBe(written.digest('hex'));
  });

  it('get a line of 100 MB, and nobody holds it', async () => {
    const script = `head -c ${LONG} /dev/zero | tr '\\0' x; echo; echo end`;
    const { id, state } = await told.run(`${told.until('go')}; ${script}; ${told.until('end')}`);
    const peak = await MemoryPeak.since([await engine.agentPid(), await parentOf(state.pid ?? 0)]);
    await told.tell('go');
    let missing = LONG + '\nend\n'.length;
    for await (const { byteLength } of told.bytesOf(id)) {
      missing -= byteLength;
      if (missing <= 0) break;
    }
    expect(missing).toBe(0);
    const [agent, supervisor] = await peak.bytes();
    expect(agent).toBeLessThan(AGENT_BYTES);
    expect(supervisor).toBeLessThan(SUPERVISOR_BYTES);
    await told.tell('end');
  });

  it('that are slow cost no memory, and hold up neither the container nor other readers', async () => {
    const lines = `yes ${'x'.repeat(199)} | head -c ${LONG}`;
    const log = { maxSizeBytes: 2 * LONG, maxFiles: 1 };
    const { id } = await told.run(`${told.until('go')}; ${lines}`, { log });
    const peak = await MemoryPeak.since([await engine.agentPid()]);
    const slow = Array.from({ length: 8 }, () => told.bytesOf(id));
    await told.tell('go');
    // Each takes its first piece, and no more for now.
    const taken = await Promise.all(slow.map(async (reader) => (await reader.next()).value?.byteLength));
    expect(await countOf(told.bytesOf(id))).toBe(LONG);
    expect(await engine.client.containers.wait({ container: id })).toMatchObject({ code: 0 });
    const [agent] = await peak.bytes();
    expect(agent).toBeLessThan(AGENT_BYTES);
    for (const [index, reader] of slow.slice(0, 2).entries()) {
      expect((taken[index] ?? 0) + (await countOf(reader))).toBe(LONG);
    }
    await Promise.all(slow.map((reader) => reader.return(undefined)));
  });
});

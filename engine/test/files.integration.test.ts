import { AgentClient } from '../src/agent-client/index.ts';
import { systemClock } from '../src/clock.ts';
import { describeFiles } from '../src/testing/runtime/describe-files.ts';
import { VERSION } from '../src/version.ts';
import { AGENT, describeReal, RealEngine } from './real-agent.ts';

describeReal('the contract of files', () => {
  describeFiles('those of the agent', async () => {
    const engine = await RealEngine.open();
    const { signal } = new AbortController();
    const image = await engine.handlers.images.installStarter({ name: 'busybox' }, { signal });
    const { layers } = await engine.handlers.images.inspect({ image: image.id }, { signal });
    const chainIds = layers.map(({ chainId }) => chainId);
    const { dataDir, runDir } = engine;
    const client = new AgentClient({ binary: AGENT, dataDir, runDir, version: VERSION, clock: systemClock });
    return {
      files: client.files,
      target: (id) => ({ id, rootfs: { chainIds, readOnly: false } }),
      volume: async (volume) => {
        await client.volumes.create({ name: volume, options: {}, record: '' });
        return { volume };
      },
      [Symbol.asyncDispose]: async () => {
        await client[Symbol.asyncDispose]();
        await engine[Symbol.asyncDispose]();
      },
    };
  });
});

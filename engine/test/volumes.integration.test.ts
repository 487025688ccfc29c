import { AgentClient } from '../src/agent-client/index.ts';
import { systemClock } from '../src/clock.ts';
import { describeVolumeStore } from '../src/testing/volumes/describe-volume-store.ts';
import { VERSION } from '../src/version.ts';
import { AGENT, describeReal, RealEngine } from './real-agent.ts';

describeReal('the contract of volumes', () => {
  describeVolumeStore('the agent', async () => {
    const engine = await RealEngine.open();
    const { signal } = new AbortController();
    const image = await engine.handlers.images.installStarter({ name: 'busybox' }, { signal });
    const { layers } = await engine.handlers.images.inspect({ image: image.id }, { signal });
    const { dataDir, runDir } = engine;
    const client = new AgentClient({ binary: AGENT, dataDir, runDir, version: VERSION, clock: systemClock });
    return {
      store: client.volumes,
      files: client.files,
      chainIds: layers.map(({ chainId }) => chainId),
      filled: { path: '/etc', name: 'passwd' },
      [Symbol.asyncDispose]: async () => {
        await client[Symbol.asyncDispose]();
        await engine[Symbol.asyncDispose]();
      },
    };
  });
});

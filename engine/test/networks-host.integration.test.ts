import { AgentClient } from '../src/agent-client/index.ts';
import { systemClock } from '../src/clock.ts';
import { describeNetworkHost } from '../src/testing/networks/describe-network-host.ts';
import { runtimeRequest } from '../src/testing/runtime/runtime-request.ts';
import { VERSION } from '../src/version.ts';
import { AGENT, describeReal, RealEngine } from './real-agent.ts';

describeReal('the contract of networks', () => {
  describeNetworkHost('the agent', async () => {
    const engine = await RealEngine.open();
    const { signal } = new AbortController();
    const image = await engine.handlers.images.installStarter({ name: 'busybox' }, { signal });
    const { layers } = await engine.handlers.images.inspect({ image: image.id }, { signal });
    const { dataDir, runDir } = engine;
    const client = new AgentClient({ binary: AGENT, dataDir, runDir, version: VERSION, clock: systemClock });
    return {
      host: client.networks,
      runtime: client.runtime,
      request: runtimeRequest(layers.map(({ chainId }) => chainId)),
      [Symbol.asyncDispose]: async () => {
        await client[Symbol.asyncDispose]();
        await engine[Symbol.asyncDispose]();
      },
    };
  });
});

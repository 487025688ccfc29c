import { FakeRuntime } from '../runtime/index.ts';
import { runtimeRequest } from '../runtime/runtime-request.ts';
import { describeNetworkHost } from './describe-network-host.ts';

describeNetworkHost('the one in memory', async () => {
  const runtime = new FakeRuntime();
  return {
    host: runtime.networks,
    runtime,
    request: runtimeRequest([]),
    [Symbol.asyncDispose]: async () => undefined,
  };
});

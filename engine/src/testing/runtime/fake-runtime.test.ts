import { runtimeRequest } from './runtime-request.ts';
import { describeRuntime } from './describe-runtime.ts';
import { FakeRuntime } from './fake-runtime.ts';

describeRuntime('the runtime in memory', async () => ({
  runtime: new FakeRuntime(),
  request: runtimeRequest([]),
  [Symbol.asyncDispose]: async () => undefined,
}));

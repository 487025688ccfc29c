export { FakeAgent } from './fake-agent.ts';
export type { FakeProgram, FakeProgramContext } from './fake-process.ts';
export { FakeRuntime } from './fake-runtime.ts';
export { imageConfig } from './sample-image.ts';
export { ContainersBench, request, SAMPLE_IMAGE } from './containers-bench.ts';

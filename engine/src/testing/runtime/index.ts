export { FakeAgent } from './fake-agent.ts';
export { FakeBuildHost } from './fake-build-host.ts';
export type { FakeProgram, FakeProgramContext } from './fake-process.ts';
export { FakeFiles } from './fake-files.ts';
export { FakeRuntime } from './fake-runtime.ts';
export { imageConfig } from './sample-image.ts';
export { ContainersBench, request, SAMPLE_IMAGE } from './containers-bench.ts';

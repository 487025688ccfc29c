export type { BuildsParts } from './build-parts.ts';
export { Builds } from './builds.ts';
export { StepCache } from './solver/step-cache.ts';
export { isGitUrl } from './dockerfile/index.ts';

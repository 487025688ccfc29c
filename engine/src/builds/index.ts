export { Builds, type BuildsParts } from './builds.ts';

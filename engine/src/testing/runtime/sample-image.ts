import type { ImageRunConfig } from '../../types/index.ts';

/** The image config of a test: nothing but what is given. */
export function imageConfig(given: Partial<ImageRunConfig>): ImageRunConfig {
  return {
    user: '',
    env: [],
    entrypoint: [],
    command: [],
    workingDir: '',
    exposedPorts: [],
    volumes: [],
    labels: {},
    stopSignal: null,
    healthcheck: null,
    ...given,
  };
}

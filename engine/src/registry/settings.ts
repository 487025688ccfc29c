import type { RegistryPolicy, RegistrySettings } from '../types/index.ts';

/** What the person has set, as it is at this moment. */
export interface CurrentSettings {
  readonly current: RegistrySettings;
}

export const DEFAULT_SETTINGS: RegistrySettings = {
  downloads: { concurrency: 4, bytesPerSecond: null },
  proxy: null,
  registries: [],
};

export function policyOf({ registries }: RegistrySettings, domain: string): RegistryPolicy | undefined {
  return registries.find(({ registry }) => registry === domain);
}

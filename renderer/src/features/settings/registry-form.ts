import type { RegistryPolicy, RegistrySettings } from '@longshore/engine/types';

/** Settings as they are typed: texts that may be wrong, until they are saved. */
export interface RegistryForm {
  readonly concurrency: string;
  /** Megabytes a second; empty: as fast as it goes. */
  readonly megabytesPerSecond: string;
  /** False: as the environment says. */
  readonly ownProxy: boolean;
  readonly http: string;
  readonly https: string;
  readonly noProxy: string;
  readonly registries: readonly PolicyForm[];
}

export interface PolicyForm {
  readonly registry: string;
  /** One a line, in the order in which they are asked. */
  readonly mirrors: string;
  readonly insecure: boolean;
}

const MEGABYTE = 1_000_000;

export function formOf({ downloads, proxy, registries }: RegistrySettings): RegistryForm {
  const { concurrency, bytesPerSecond } = downloads;
  return {
    concurrency: String(concurrency),
    megabytesPerSecond: bytesPerSecond === null ? '' : String(bytesPerSecond / MEGABYTE),
    ownProxy: proxy !== null,
    http: proxy?.http ?? '',
    https: proxy?.https ?? '',
    noProxy: proxy?.noProxy ?? '',
    registries: registries.map(({ mirrors, ...policy }) => ({ ...policy, mirrors: mirrors.join('\n') })),
  };
}

/** What is saved; numbers that are none are sent as they are, so that the engine names the field. */
export function settingsOf(form: RegistryForm): RegistrySettings {
  const { concurrency, megabytesPerSecond, http, https, noProxy } = form;
  const limit = megabytesPerSecond.trim();
  return {
    downloads: {
      concurrency: Number(concurrency),
      bytesPerSecond: limit === '' ? null : Math.round(Number(limit) * MEGABYTE),
    },
    proxy: form.ownProxy ? { http, https, noProxy } : null,
    registries: form.registries.map(policyOf),
  };
}

function policyOf({ registry, mirrors, insecure }: PolicyForm): RegistryPolicy {
  const lines = mirrors.split('\n').map((line) => line.trim());
  return { registry: registry.trim(), mirrors: lines.filter((line) => line !== ''), insecure };
}

export type FormProblem = 'concurrency' | 'bandwidth';

/** What can be told before the engine is asked. */
export function problemsOf({ concurrency, megabytesPerSecond }: RegistryForm): readonly FormProblem[] {
  const downloads = Number(concurrency);
  const limit = megabytesPerSecond.trim();
  const isCount = Number.isInteger(downloads) && downloads >= 1 && downloads <= 16;
  return [
    ...(isCount ? [] : (['concurrency'] as const)),
    ...(limit === '' || Number(limit) * MEGABYTE >= 1024 ? [] : (['bandwidth'] as const)),
  ];
}

export function isSame(a: RegistryForm, b: RegistryForm): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

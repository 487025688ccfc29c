import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../registry/index.ts';
import type { RegistryPolicy, RegistrySettings } from '../types/index.ts';
import { SettingsStore } from './settings-store.ts';

let directory: string;
let store: SettingsStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'longshore-settings-'));
  store = await SettingsStore.open(directory);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const policy = (registry: string, ...mirrors: readonly string[]): RegistryPolicy => {
  return { registry, mirrors, insecure: false };
};

const proxied = (https: string): RegistrySettings['proxy'] => ({ http: '', https, noProxy: '' });

describe('the settings of registries', () => {
  it('are the usual ones until something is saved, and then last', async () => {
    expect(store.current).toEqual(DEFAULT_SETTINGS);
    const downloads = { concurrency: 2, bytesPerSecond: 1_000_000 };
    await store.save({ ...DEFAULT_SETTINGS, downloads });
    expect((await SettingsStore.open(directory)).current).toEqual({ ...DEFAULT_SETTINGS, downloads });
  });

  it('have one spelling, however they were written', async () => {
    const registries = [
      policy('https://Localhost:5000/'),
      policy('index.docker.io', 'https://Mirror.example.com/', 'mirror.example.com', 'harbor.example/hub/'),
    ];
    const saved = await store.save({ ...DEFAULT_SETTINGS, proxy: proxied('http://proxy:3128/'), registries });
    expect(saved.registries).toEqual([
      policy('docker.io', 'mirror.example.com', 'harbor.example/hub'),
      policy('localhost:5000'),
    ]);
    expect(saved.proxy).toEqual(proxied('http://proxy:3128'));
  });

  it.each<[field: string, settings: Partial<RegistrySettings>]>([
    ['registries.0.registry', { registries: [policy('not a host')] }],
    ['registries.1.registry', { registries: [policy('docker.io'), policy('index.docker.io')] }],
    ['registries.0.mirrors.1', { registries: [policy('docker.io', 'good.example', 'http://plain.example')] }],
    ['registries.0.mirrors.0', { registries: [policy('docker.io', 'docker.io')] }],
    ['registries.0.mirrors.0', { registries: [policy('docker.io', 'harbor.example/../x')] }],
    ['proxy.https', { proxy: proxied('socks5://proxy:1080') }],
    ['proxy.https', { proxy: proxied('http://me:secret@proxy:3128') }],
  ])('are refused by the field %s, and stay as they were', async (field, settings) => {
    const saving = store.save({ ...DEFAULT_SETTINGS, ...settings });
    await expect(saving).rejects.toMatchObject({ code: 'invalid-argument', detail: { path: field } });
    expect(store.current).toEqual(DEFAULT_SETTINGS);
  });
});

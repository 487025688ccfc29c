import type { Report } from '../background.ts';
import { systemClock } from '../clock.ts';
import { DockerConfig, Keyring, PLAIN_VAULT, SignIns } from '../credentials/index.ts';
import type { Disposals } from '../disposals.ts';
import { certificateFolders, dockerConfigDir } from '../folders.ts';
import type { DataFolder } from '../metadata/index.ts';
import { SettingsStore } from '../registries/index.ts';
import { CertificateFolders, RegistryClient } from '../registry/index.ts';
import type { EngineOptions } from './options.ts';

/** What speaks with registries, and who it is towards them. */
export async function openRegistryAccess(
  { dataDir, vault }: EngineOptions,
  folder: DataFolder,
  report: Report,
  disposals: Disposals,
): Promise<{
  readonly registry: RegistryClient;
  readonly signIns: SignIns;
  readonly settings: SettingsStore;
}> {
  const trust = new CertificateFolders(certificateFolders(dataDir));
  const settings = await SettingsStore.open(folder.stateDirectory('registry-settings'));
  const registry = disposals.add(new RegistryClient({ clock: systemClock, trust, settings }));
  const keyring = await Keyring.open(folder.stateDirectory('sign-ins'), vault ?? PLAIN_VAULT);
  for (const { reason, path } of keyring.quarantined) {
    report(`The record of a sign-in is damaged (${reason}); it was put aside as ${path}.`);
  }
  for (const { reason, path } of settings.quarantined) {
    report(`The settings of registries are damaged (${reason}); they were put aside as ${path}.`);
  }
  return { registry, signIns: new SignIns(keyring, new DockerConfig(dockerConfigDir())), settings };
}

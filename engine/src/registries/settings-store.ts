import { z } from 'zod';
import { type QuarantinedRecord, RecordStore } from '../metadata/index.ts';
import { type CurrentSettings, DEFAULT_SETTINGS } from '../registry/index.ts';
import type { RegistrySettings } from '../types/index.ts';
import { checkedSettings } from './checked-settings.ts';

/** `<data>/engine/state/registry-settings/settings.json` */
const settingsSchema = z.object({
  downloads: z.object({ concurrency: z.number().int(), bytesPerSecond: z.number().int().nullable() }),
  proxy: z.object({ http: z.string(), https: z.string(), noProxy: z.string() }).nullable(),
  registries: z.array(
    z.object({ registry: z.string(), mirrors: z.array(z.string()), insecure: z.boolean() }),
  ),
});

const ID = 'settings';

/** How registries are spoken to, over restarts. A damaged record is as good as none: it is put aside. */
export class SettingsStore implements CurrentSettings {
  private readonly records: RecordStore<RegistrySettings>;

  static async open(directory: string): Promise<SettingsStore> {
    return new SettingsStore(await RecordStore.open({ directory, schema: settingsSchema }));
  }

  private constructor(records: RecordStore<RegistrySettings>) {
    this.records = records;
  }

  get current(): RegistrySettings {
    return this.records.get(ID) ?? DEFAULT_SETTINGS;
  }

  get quarantined(): readonly QuarantinedRecord[] {
    return this.records.quarantined;
  }

  /** Checked; lasting, and in force, once it resolves. */
  async save(settings: RegistrySettings): Promise<RegistrySettings> {
    await this.records.put(ID, checkedSettings(settings));
    return this.current;
  }
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import { type QuarantinedRecord, RecordStore } from '../metadata/index.ts';

/** Keeps a text so that only this person on this machine can read it; the desktop brings the system's. */
export interface Vault {
  /** How it keeps: told beside each entry, so that another vault does not try its hand at it. */
  readonly kind: string;
  seal(text: string): Promise<string>;
  open(sealed: string): Promise<string>;
}

/** Without a desktop: the file's own mode (0600) is all that keeps it, as with docker's. */
export const PLAIN_VAULT: Vault = {
  kind: 'plain',
  seal: (text) => Promise.resolve(Buffer.from(text, 'utf8').toString('base64')),
  open: (sealed) => Promise.resolve(Buffer.from(sealed, 'base64').toString('utf8')),
};

const entrySchema = z.object({
  registry: z.string(),
  username: z.string(),
  vault: z.string(),
  sealedPassword: z.string(),
});

type Entry = z.infer<typeof entrySchema>;

/** Our own sign-ins, one file each (mode 0600), passwords sealed by the vault. */
export class Keyring {
  private readonly entries: RecordStore<Entry>;
  private readonly vault: Vault;

  static async open(directory: string, vault: Vault): Promise<Keyring> {
    return new Keyring(await RecordStore.open({ directory, schema: entrySchema }), vault);
  }

  private constructor(entries: RecordStore<Entry>, vault: Vault) {
    this.entries = entries;
    this.vault = vault;
  }

  get quarantined(): readonly QuarantinedRecord[] {
    return this.entries.quarantined;
  }

  list(): readonly Pick<Entry, 'registry' | 'username'>[] {
    return this.entries.all().map(({ registry, username }) => ({ registry, username }));
  }

  /** Fails `unauthenticated` when what is kept cannot be opened here any more. */
  async find(registry: string): Promise<{ readonly username: string; readonly password: string } | null> {
    const entry = this.entries.get(keyOf(registry));
    if (entry === undefined) return null;
    if (entry.vault !== this.vault.kind) throw unopened(registry);
    try {
      return { username: entry.username, password: await this.vault.open(entry.sealedPassword) };
    } catch (thrown) {
      throw unopened(registry, thrown);
    }
  }

  async save(registry: string, username: string, password: string): Promise<void> {
    const sealedPassword = await this.vault.seal(password);
    await this.entries.put(keyOf(registry), { registry, username, vault: this.vault.kind, sealedPassword });
  }

  async forget(registry: string): Promise<boolean> {
    if (this.entries.get(keyOf(registry)) === undefined) return false;
    await this.entries.delete(keyOf(registry));
    return true;
  }
}

/** A file name that holds for any host and port. */
function keyOf(registry: string): string {
  return createHash('sha256').update(registry).digest('hex');
}

function unopened(registry: string, cause?: unknown): EngineError {
  return new EngineError('unauthenticated', `The password for ${registry} cannot be opened here.`, {
    detail: { step: 'keyring', path: registry },
    hint: `It was stored by another user or desktop: sign in to ${registry} again.`,
    ...(cause !== undefined && { cause }),
  });
}

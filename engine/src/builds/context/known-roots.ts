import type { BuildHost, WalkedRoot } from '../../runtime/index.ts';

const MAX_WALKS = 256;
/** Of all walks together: some hundred bytes each. */
const MAX_FILES = 100_000;

/** What was found in roots before: layers never change, so it is found again without reading them. */
export class KnownRoots {
  private readonly host: BuildHost;
  private readonly walks = new Map<string, WalkedRoot>();
  private files = 0;

  constructor(host: BuildHost) {
    this.host = host;
  }

  async walk(chainIds: readonly string[], path: string, signal: AbortSignal): Promise<WalkedRoot> {
    const key = `${chainIds.at(-1) ?? ''} ${path}`;
    const known = this.walks.get(key);
    this.forget(key);
    const walked = known ?? (await this.host.walk(chainIds, path, true, { signal }));
    this.remember(key, walked);
    return walked;
  }

  private remember(key: string, walked: WalkedRoot): void {
    this.forget(key);
    if (walked.files.length > MAX_FILES) return;
    this.walks.set(key, walked);
    this.files += walked.files.length;
    for (const oldest of this.walks.keys()) {
      if (this.walks.size <= MAX_WALKS && this.files <= MAX_FILES) return;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    this.files -= this.walks.get(key)?.files.length ?? 0;
    this.walks.delete(key);
  }
}

import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Resolves when a file of this name appears or is replaced; rejects never, and waits for ever when it cannot look. */
export function fileAppears(path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let watcher: FSWatcher;
    try {
      watcher = watch(dirname(path), { persistent: false, signal });
    } catch {
      // No such folder, or no inotify instances left: the person's button still works.
      return;
    }
    watcher.on('change', (_event, name) => {
      if (name !== basename(path)) return;
      watcher.close();
      resolve();
    });
    watcher.on('error', () => watcher.close());
  });
}

/**
 * The image's environment with the asked one over it: a later entry of the same name wins in place, a name alone
 * removes. An image's entry without `=` is dropped: it must never take a value from the host (CVE-2026-57231).
 */
export function mergeEnv(image: readonly string[], asked: readonly string[]): readonly string[] {
  const merged = new Map<string, string>();
  for (const entry of image) {
    if (entry.includes('=')) merged.set(nameOf(entry), entry);
  }
  for (const entry of asked) {
    if (entry.includes('=')) merged.set(nameOf(entry), entry);
    else merged.delete(entry);
  }
  return [...merged.values()];
}

/** Puts defaults before the environment, for the names that it does not have. */
export function withDefaultEnv(defaults: readonly string[], env: readonly string[]): readonly string[] {
  const names = new Set(env.map(nameOf));
  return [...defaults.filter((entry) => !names.has(nameOf(entry))), ...env];
}

function nameOf(entry: string): string {
  const equals = entry.indexOf('=');
  return equals === -1 ? entry : entry.slice(0, equals);
}

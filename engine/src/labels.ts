/** `wanted` is `key` or `key=value`. */
export function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const at = wanted.indexOf('=');
  if (at < 0) return Object.hasOwn(labels, wanted);
  const key = wanted.slice(0, at);
  return Object.hasOwn(labels, key) && labels[key] === wanted.slice(at + 1);
}

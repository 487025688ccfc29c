/** What a text says as JSON; undefined: it is no JSON, which `null` is. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A message with these fields, and the protocol's defaults in the others. */
export function wireMessage<T>(type: { readonly decode: (bytes: Uint8Array) => T }, given: Partial<T>): T {
  return { ...type.decode(new Uint8Array()), ...given };
}

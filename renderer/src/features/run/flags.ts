/** Parts of a command line: of what is not said there is nothing. */

export function value(flag: string, said: string | number | undefined): readonly string[] {
  return said === undefined ? [] : [flag, String(said)];
}

export function switchedOn(flag: string, said: boolean | undefined): readonly string[] {
  return said === true ? [flag] : [];
}

export function each(flag: string, said: readonly string[] | undefined): readonly string[] {
  return (said ?? []).flatMap((entry) => [flag, entry]);
}

export function pairsOf(record: Readonly<Record<string, string>> | undefined): readonly string[] {
  return Object.entries(record ?? {}).map(([name, said]) => `${name}=${said}`);
}

const MIB = 1024 * 1024;

/** `256m` where it is whole, else in bytes. */
export function size(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const mib = bytes / MIB;
  return bytes > 0 && Number.isInteger(mib) ? `${mib}m` : String(bytes);
}

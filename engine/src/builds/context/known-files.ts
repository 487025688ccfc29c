import type { BigIntStats } from 'node:fs';

/** What was read from a file, and what was found of it then. */
export interface KnownFile {
  readonly facts: string;
  /** SHA-256 of its bytes, in hexadecimal digits. */
  readonly digest: string;
}

/** By path within the context; a file whose facts are another now is not known. */
export type KnownFiles = Map<string, KnownFile>;

/** What cannot stay the same when a file is changed. */
export function factsOf({ size, mtimeNs, ctimeNs, ino, dev, mode }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino, dev, mode].join();
}

import { createHash } from 'node:crypto';

/** What a step is: the same parts make the same layer. */
export interface StepIdentity {
  /** 64 hex digits. */
  readonly key: string;
  /** Its place in its Dockerfile. */
  readonly slot: string;
  readonly parts: StepParts;
  readonly description: string;
}

/** Each a digest, or a word. */
export interface StepParts {
  /** ChainID of what it builds on. */
  readonly parent: string;
  readonly instruction: string;
  readonly files: string;
  readonly variables: string;
}

export function stepIdentity(slot: string, description: string, parts: StepParts): StepIdentity {
  return { key: digestOfWords(Object.values(parts)), slot, parts, description };
}

/** Of words in their order; no two lists have the same. */
export function digestOfWords(words: Iterable<unknown>): string {
  const hash = createHash('sha256');
  for (const word of words) {
    const text = JSON.stringify(word ?? null);
    hash.update(`${text.length}:`).update(text);
  }
  return hash.digest('hex');
}

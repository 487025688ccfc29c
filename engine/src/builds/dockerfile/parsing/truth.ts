import { Reason } from '../problems/reason.ts';

const TRUTH: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false])),
};

/** The words of Go's `strconv.ParseBool`. */
export function parseTruth(key: string, text: string): boolean {
  const truth = Object.hasOwn(TRUTH, text) ? TRUTH[text] : undefined;
  if (truth === undefined) throw new Reason(`"${text}" is no value of ${key}.`, 'It is true or false.');
  return truth;
}

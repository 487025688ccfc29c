import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEngineError } from '../../errors/index.ts';
import { COUNTED_FUZZ_OPTIONS, FUZZ_OPTIONS, FUZZ_TIMEOUT } from '../../testing/fuzzing/fuzz-options.ts';
import { decodedBytes, mutatedText } from '../../testing/fuzzing/mutated-text.ts';
import { StepCounter } from '../../testing/fuzzing/step-counter.ts';
import { IgnoreRules } from './index.ts';

const SEED = '*.md\n!README.md\n**/x[a-z]?\n#c\n/a/../b/**\n  !keep/*/\\[y\n**.go\n';
const DICTIONARY = [...Array.from('*?[]!\\/#-^. \t\n\r\0🚀'), '**', '**/', '/..', '[^', '\n!', '\uD800'];
const PATHS = ['a/b/xq1/README.md', '.git', 'keep/a/[y', `${'a/'.repeat(60)}x.go`, '../a', '/', ''];

/** For each character of the rules and each of the paths they are asked of: a rule's places times a path's. */
const STEPS_PER_COMPARISON = 40;
const STEPS_AT_LEAST = 100_000;

/** Every path is ignored or not, for the same reason as its tree, or the rules are refused. */
function readWholly(text: string): void {
  try {
    const rules = IgnoreRules.parse(text);
    for (const path of PATHS) {
      const { ignored, rule } = rules.match(path);
      expect(ignored).toBe(rule !== null && !rule.negated);
      if (rules.ignoresTree(path)) expect(ignored).toBe(true);
    }
  } catch (thrown) {
    if (!isEngineError(thrown, 'invalid-argument')) throw thrown;
  }
}

describe('any .dockerignore', { timeout: FUZZ_TIMEOUT }, () => {
  const changed = mutatedText([SEED], DICTIONARY);

  it('made of random bytes is read or refused', () => {
    fc.assert(fc.property(decodedBytes(), readWholly), FUZZ_OPTIONS);
  });

  it('made of rules with changes is read or refused', () => {
    fc.assert(fc.property(changed, readWholly), FUZZ_OPTIONS);
  });

  it('takes no more steps than its places and those of the paths', () => {
    const counter = new StepCounter('/builds/');
    const readInBounds = (text: string): void => {
      const comparisons = text.length * PATHS.join('').length;
      const steps = counter.count(() => readWholly(text));
      expect(steps).toBeLessThan(STEPS_AT_LEAST + comparisons * STEPS_PER_COMPARISON);
    };
    try {
      fc.assert(fc.property(changed, readInBounds), COUNTED_FUZZ_OPTIONS);
    } finally {
      counter.dispose();
    }
  });
});

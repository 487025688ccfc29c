import { atKeyword, baseOf, type InstructionText, keywordOf } from '../instruction-text.ts';
import { quotedWords, slice } from '../argument-words.ts';
import { Flags } from '../flags.ts';
import type { Span } from '../../source/logical-line.ts';
import type { ArgInstruction, EnvInstruction, LabelInstruction } from '../../syntax/instruction.ts';
import type { KeyValue } from '../../syntax/words.ts';

const BLANKS = /[\t\v\f\r ]+/;

export function readEnv(text: InstructionText): EnvInstruction {
  return { ...baseOf(text), kind: 'env', ...readPairs(text) };
}

export function readLabel(text: InstructionText): LabelInstruction {
  return { ...baseOf(text), kind: 'label', ...readPairs(text) };
}

export function readArg(text: InstructionText): ArgInstruction {
  new Flags(text);
  const words = quotedWords(text.args, text.escape);
  if (words.length === 0) throw atKeyword(text, 'ARG needs a name.', 'It is written ARG NAME[=DEFAULT] ...');
  const args = words.map((word) => {
    const equals = word.text.indexOf('=');
    if (equals === -1) return { name: text.line.word(word), value: null };
    const { key, value } = pair(text, word, equals);
    return { name: key, value };
  });
  return { ...baseOf(text), kind: 'arg', args };
}

/** `key=value ...`, or the old form of one: `key the rest`. The first word decides. */
function readPairs(text: InstructionText): { readonly pairs: readonly KeyValue[]; readonly legacy: boolean } {
  new Flags(text);
  const words = quotedWords(text.args, text.escape);
  const [first] = words;
  const form = `It is written ${keywordOf(text)} KEY=VALUE ...`;
  if (first === undefined) throw atKeyword(text, `${keywordOf(text)} needs a key and a value.`, form);
  if (!first.text.includes('=')) return { pairs: [legacyPair(text, form)], legacy: true };
  const pairs = words.map((word) => {
    const equals = word.text.indexOf('=');
    if (equals !== -1) return pair(text, word, equals);
    throw text.line.problem(word, `"${word.text}" has no "=".`, `${form} A value with blanks is quoted.`);
  });
  return { pairs, legacy: false };
}

function legacyPair(text: InstructionText, form: string): KeyValue {
  const { args, line } = text;
  const gap = BLANKS.exec(args.text);
  if (gap === null) throw line.problem(args, `"${args.text}" has no value.`, form);
  return {
    key: line.word(slice(args, 0, gap.index)),
    value: line.word(slice(args, gap.index + gap[0].length, args.text.length)),
  };
}

function pair({ line, keyword }: InstructionText, word: Span, equals: number): KeyValue {
  if (equals === 0) {
    throw line.problem(
      word,
      `A name of ${keyword.text.toUpperCase()} is empty.`,
      'A name stands before "=".',
    );
  }
  // A lonely escape character at the end was taken off the text, not off the place.
  const value = { text: word.text.slice(equals + 1), from: word.from + equals + 1, to: word.to };
  return { key: line.word(slice(word, 0, equals)), value: line.word(value) };
}

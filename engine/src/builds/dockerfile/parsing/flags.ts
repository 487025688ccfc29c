import { didYouMean } from '../problems/suggestion.ts';
import type { Span } from '../source/logical-line.ts';
import type { Word } from '../source/position.ts';
import { type InstructionText, keywordOf } from './instruction-text.ts';
import type { WrittenFlag } from './split-instruction.ts';

/** `text` and `boolean` may be given once, `list` as often as one likes. */
type FlagType = 'text' | 'boolean' | 'list';

const TRUTH: Readonly<Record<string, boolean>> = { true: true, false: false };

/** An instruction's flags, checked against those that it knows. */
export class Flags {
  private readonly text: InstructionText;
  private readonly found = new Map<string, Span[]>();

  constructor(text: InstructionText, known: Readonly<Record<string, FlagType>> = {}) {
    this.text = text;
    for (const flag of text.flags) {
      const type = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
      if (type === undefined) throw this.unknown(flag, Object.keys(known));
      this.add(flag, type);
    }
  }

  /** Null: not given. */
  word(name: string): Word | null {
    const span = this.span(name);
    return span === null ? null : this.text.line.word(span);
  }

  span(name: string): Span | null {
    return this.found.get(name)?.[0] ?? null;
  }

  list(name: string): readonly Span[] {
    return this.found.get(name) ?? [];
  }

  /** Null: not given. */
  boolean(name: string): boolean | null {
    const span = this.span(name);
    return span === null ? null : (TRUTH[span.text] ?? null);
  }

  /** One of the words given, the first when there is no such flag. */
  choice<T extends string>(name: string, words: readonly [T, ...T[]]): T {
    const span = this.span(name);
    if (span === null) return words[0];
    const chosen = words.find((word) => word === span.text);
    if (chosen !== undefined) return chosen;
    throw this.text.line.problem(
      span,
      `"${span.text}" is no value of --${name}.`,
      `It is ${words.join(' or ')}.`,
    );
  }

  private add(flag: WrittenFlag, type: FlagType): void {
    const values = this.found.get(flag.name) ?? [];
    if (values.length > 0 && type !== 'list') {
      throw this.text.line.problem(flag.whole, `The flag --${flag.name} is given twice.`, 'Once is enough.');
    }
    values.push(type === 'boolean' ? this.truth(flag) : this.value(flag));
    this.found.set(flag.name, values);
  }

  private value({ name, value, whole }: WrittenFlag): Span {
    if (value !== null) return value;
    throw this.text.line.problem(whole, `The flag --${name} has no value.`, `It is written --${name}=VALUE.`);
  }

  private truth({ name, value, whole }: WrittenFlag): Span {
    if (value === null) return { ...whole, text: 'true' };
    const text = value.text.toLowerCase();
    if (Object.hasOwn(TRUTH, text)) return { ...value, text };
    throw this.text.line.problem(whole, `"${value.text}" is no value of --${name}.`, 'It is true or false.');
  }

  private unknown({ name, whole }: WrittenFlag, known: readonly string[]): Error {
    const keyword = keywordOf(this.text);
    const dashed = known.map((flag) => `--${flag}`);
    const expected = known.length === 0 ? `${keyword} has no flags.` : `Its flags are ${dashed.join(', ')}.`;
    return this.text.line.problem(
      whole,
      `${keyword} has no flag --${name}.${didYouMean(`--${name}`, dashed)}`,
      expected,
    );
  }
}

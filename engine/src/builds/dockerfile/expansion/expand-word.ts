import { LIMITS } from '../limits.ts';
import { Reason } from '../problems/reason.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import {
  type Budget,
  newBudget,
  parsePattern,
  withoutPrefix,
  withoutSuffix,
  withReplaced,
} from './pattern.ts';
import { readName } from './variable-name.ts';
import { WordOutput } from './word-output.ts';

/** A variable's value; undefined: it is not set. */
export type Lookup = (name: string) => string | undefined;

export interface ExpandOptions {
  readonly escape: EscapeCharacter;
  readonly lookup: Lookup;
  /** Quotes are characters as any other: the content of a here-document. */
  readonly keepQuotes?: boolean;
}

export interface Expanded {
  readonly text: string;
  /** The text parted at blanks outside quotes, those of values included. */
  readonly words: readonly string[];
  /** Variables that were asked for and set. */
  readonly used: ReadonlySet<string>;
  /** Variables that were asked for and not set. */
  readonly unset: ReadonlySet<string>;
}

/** Puts variables in and takes quotes and escapes off. Fails with a Reason. */
export function expandWord(text: string, options: ExpandOptions): Expanded {
  const expansion = new Expansion(text, options);
  const { text: expanded, words } = expansion.untilEnd();
  return { text: expanded, words, used: expansion.used, unset: expansion.unset };
}

/** The operators that take a word to the closing brace. */
const WORD_OPERATORS = '-+?#%';

class Expansion {
  readonly used = new Set<string>();
  readonly unset = new Set<string>();
  private readonly text: string;
  private readonly options: ExpandOptions;
  private readonly budget: Budget = newBudget();
  private at = 0;
  private depth = 0;

  constructor(text: string, options: ExpandOptions) {
    this.text = text;
    this.options = options;
  }

  untilEnd(): WordOutput {
    return this.until(null, false);
  }

  /** Up to the character `stop`, which is taken; `rawEscapes`: a pattern, which reads its escapes itself. */
  private until(stop: '}' | '/' | null, rawEscapes: boolean): WordOutput {
    const output = new WordOutput();
    const quotes = this.options.keepQuotes !== true;
    while (this.at < this.text.length) {
      const character = this.take();
      if (character === stop) return output;
      if (character === '$') output.plain(this.dollar());
      else if (quotes && character === "'") output.literal(this.singleQuoted());
      else if (quotes && character === '"') output.literal(this.doubleQuoted(rawEscapes));
      else if (character !== this.options.escape) output.plain(character);
      else output.literal((rawEscapes ? character : '') + this.take());
    }
    if (stop === null) return output;
    throw new Reason(`A "${stop}" is missing behind "\${".`, 'Every "${" has its "}".');
  }

  private singleQuoted(): string {
    const end = this.text.indexOf("'", this.at);
    if (end === -1) throw new Reason("A ' has no second one.", "Write \\' for the character itself.");
    const quoted = this.text.slice(this.at, end);
    this.at = end + 1;
    return quoted;
  }

  /** An escape character counts before `"`, `$` and itself only. */
  private doubleQuoted(rawEscapes: boolean): string {
    let quoted = '';
    while (this.at < this.text.length) {
      const character = this.take();
      if (character === '"') return quoted;
      if (character === '$') quoted += this.dollar();
      else if (character !== this.options.escape) quoted += character;
      else if (!this.isEscapable(this.text[this.at])) quoted += this.at < this.text.length ? character : '';
      else quoted += (rawEscapes ? character : '') + this.take();
      if (quoted.length > LIMITS.expansion)
        throw new Reason(`A value grows beyond ${LIMITS.expansion} characters.`);
    }
    throw new Reason('A " has no second one.', 'Write \\" for the character itself.');
  }

  private isEscapable(character: string | undefined): boolean {
    return character === '"' || character === '$' || character === this.options.escape;
  }

  /** What follows a `$`, which is itself when no name does. */
  private dollar(): string {
    if (this.text[this.at] !== '{') {
      const name = this.name();
      return name === '' ? '$' : (this.valueOf(name) ?? '');
    }
    this.at++;
    if (++this.depth > LIMITS.nesting)
      throw new Reason(`"\${" stands in itself more than ${LIMITS.nesting} times.`);
    const value = this.braced();
    this.depth--;
    return value;
  }

  private braced(): string {
    if (this.at >= this.text.length)
      throw new Reason('A "}" is missing behind "${".', 'Every "${" has its "}".');
    if ('{}:'.includes(this.text[this.at] ?? ''))
      throw new Reason('"${" has no name behind it.', 'It is ${NAME}.');
    const name = this.name();
    const operator = this.take();
    if (operator === '}') return this.valueOf(name) ?? '';
    if (operator === '/') return this.replaced(name);
    const orEmpty = operator === ':';
    const kind = orEmpty ? this.take() : operator;
    const isPattern = kind === '#' || kind === '%';
    if (!WORD_OPERATORS.includes(kind) || kind === '' || (orEmpty && isPattern)) {
      throw unknownOperator(name, orEmpty ? `:${kind}` : kind, this.at >= this.text.length);
    }
    const { text: word } = this.until('}', isPattern);
    const value = this.valueOf(name);
    if (isPattern) return this.trimmed(value ?? '', kind, word);
    const isSet = value !== undefined && !(orEmpty && value === '');
    if (kind === '+') return isSet ? word : '';
    if (isSet) return value;
    if (kind === '-') return word;
    throw new Reason(
      `${name}: ${word === '' ? missing(value) : word}`,
      `The file asks for a value of ${name}.`,
    );
  }

  private trimmed(value: string, kind: string, word: string): string {
    const longest = word.startsWith(kind);
    const pattern = parsePattern(longest ? word.slice(1) : word);
    const trim = kind === '#' ? withoutPrefix : withoutSuffix;
    return trim(value, pattern, longest, this.budget);
  }

  private replaced(name: string): string {
    const all = this.text[this.at] === '/';
    if (all) this.at++;
    const pattern = this.until('/', true).text;
    const replacement = this.until('}', true).text;
    const value = this.valueOf(name) ?? '';
    return withReplaced(value, parsePattern(pattern), replacement, { all, budget: this.budget });
  }

  private valueOf(name: string): string | undefined {
    const value = this.options.lookup(name);
    (value === undefined ? this.unset : this.used).add(name);
    return value;
  }

  private name(): string {
    const name = readName(this.text, this.at);
    this.at += name.length;
    return name;
  }

  /** The next character, whole; empty at the end. */
  private take(): string {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return '';
    const character = String.fromCodePoint(code);
    this.at += character.length;
    return character;
  }
}

function missing(value: string | undefined): string {
  return value === undefined ? 'is not allowed to be unset' : 'is not allowed to be empty';
}

function unknownOperator(name: string, operator: string, atEnd: boolean): Reason {
  if (operator === '' || (atEnd && operator === ':')) {
    return new Reason(`A "}" is missing behind "\${${name}".`, 'Every "${" has its "}".');
  }
  const known = 'The operators are :- - :+ + :? ? # ## % %% / and //.';
  return new Reason(`"\${${name}${operator}" has no operator that is known.`, known);
}

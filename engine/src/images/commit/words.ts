/** What `$NAME` stands for; undefined: there is no such variable. */
export type Lookup = (name: string) => string | undefined;

const VARIABLE = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::([-+])((?:[^{}\\]|\\.)*))?\})/;

/**
 * The words of a Dockerfile instruction: split at blanks, quotes and backslashes taken off, variables put in outside
 * single quotes.
 */
export function wordsOf(text: string, lookup: Lookup): readonly string[] {
  const reader = new Reader(text, lookup);
  const words: string[] = [];
  for (let word = reader.word(true); word !== null; word = reader.word(true)) words.push(word);
  return words;
}

/** The whole text as one word, blanks included. */
export function wordOf(text: string, lookup: Lookup): string {
  return new Reader(text.trim(), lookup).word(false) ?? '';
}

class Reader {
  private readonly text: string;
  private readonly lookup: Lookup;
  private at = 0;

  constructor(text: string, lookup: Lookup) {
    this.text = text;
    this.lookup = lookup;
  }

  /** The next one; null when there is none. */
  word(endsAtBlank: boolean): string | null {
    while (endsAtBlank && /\s/.test(this.peek())) this.at++;
    if (this.at >= this.text.length) return null;
    let word = '';
    while (this.at < this.text.length && !(endsAtBlank && /\s/.test(this.peek()))) word += this.part();
    return word;
  }

  private part(): string {
    switch (this.peek()) {
      case "'":
        return this.singleQuoted();
      case '"':
        return this.doubleQuoted();
      case '\\':
        return this.escaped();
      case '$':
        return this.variable();
      default:
        return this.take();
    }
  }

  private singleQuoted(): string {
    const end = this.text.indexOf("'", this.at + 1);
    const stop = end === -1 ? this.text.length : end;
    const quoted = this.text.slice(this.at + 1, stop);
    this.at = stop + 1;
    return quoted;
  }

  private doubleQuoted(): string {
    this.at++;
    let quoted = '';
    while (this.at < this.text.length && this.peek() !== '"') {
      const isEscape = this.peek() === '\\' && /["$\\]/.test(this.text[this.at + 1] ?? '');
      if (isEscape) quoted += this.escaped();
      else quoted += this.peek() === '$' ? this.variable() : this.take();
    }
    this.at++;
    return quoted;
  }

  private escaped(): string {
    this.at++;
    return this.at < this.text.length ? this.take() : '\\';
  }

  /** A `$` that begins no variable is itself. */
  private variable(): string {
    const match = VARIABLE.exec(this.text.slice(this.at));
    if (match === null) return this.take();
    const [whole, plain, braced, operator, alternative = ''] = match;
    this.at += whole.length;
    const value = this.lookup(plain ?? braced ?? '') ?? '';
    if (operator === '-' && value === '') return wordOf(alternative, this.lookup);
    if (operator === '+') return value === '' ? '' : wordOf(alternative, this.lookup);
    return value;
  }

  private peek(): string {
    return this.text[this.at] ?? '';
  }

  private take(): string {
    const character = this.peek();
    this.at++;
    return character;
  }
}

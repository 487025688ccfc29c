import { LIMITS } from '../limits.ts';
import { Reason } from '../problems/reason.ts';
import { isBlank } from '../source/blank.ts';

/** Collects the text of a word, and the words that blanks outside quotes make of it. */
export class WordOutput {
  text = '';
  private readonly finished: string[] = [];
  private word = '';

  /** From quotes or behind an escape character: blanks part nothing. */
  literal(text: string): void {
    this.grow(text);
    this.word += text;
  }

  /** Written plainly, or a variable's value outside quotes. */
  plain(text: string): void {
    this.grow(text);
    for (const character of text) {
      if (!isBlank(character)) this.word += character;
      else if (this.word !== '') this.endWord();
    }
  }

  get words(): readonly string[] {
    return this.word === '' ? this.finished : [...this.finished, this.word];
  }

  private endWord(): void {
    this.finished.push(this.word);
    this.word = '';
  }

  private grow(text: string): void {
    this.text += text;
    if (this.text.length > LIMITS.expansion) {
      throw new Reason(`A value grows beyond ${LIMITS.expansion} characters.`);
    }
  }
}

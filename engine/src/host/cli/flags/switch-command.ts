import { Command, InvalidArgumentError, type Option, type ParseOptionsResult } from 'commander';
import { parseBoolean } from './values.ts';

/** A command whose switches may say their value, as docker's do: `--pause=false`, `--rm=true`. */
export class SwitchCommand extends Command {
  private endsAtOperand = false;

  override createCommand(name?: string): SwitchCommand {
    return new SwitchCommand(name);
  }

  override passThroughOptions(passThrough = true): this {
    this.endsAtOperand = passThrough;
    return super.passThroughOptions(passThrough);
  }

  override parseOptions(words: string[]): ParseOptionsResult {
    return super.parseOptions(this.takeValues(words));
  }

  /** The words without the switches that say their value. What stands behind a verb or an image is not ours. */
  private takeValues(words: readonly string[]): string[] {
    const others: string[] = [];
    const endsAtOperand = this.endsAtOperand || this.commands.length > 0;
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] ?? '';
      const isOperand = !word.startsWith('-') || word === '-';
      if (word === '--' || (isOperand && endsAtOperand)) return [...others, ...words.slice(at)];
      if (this.takeValue(word)) continue;
      others.push(word);
      const value = words[at + 1];
      if (value === undefined || this.find(word)?.required !== true) continue;
      others.push(value);
      at += 1;
    }
    return others;
  }

  private takeValue(word: string): boolean {
    const [, flag = '', value = ''] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    const option = this.find(flag);
    if (option === undefined || option.required || option.optional) return false;
    this.setOptionValueWithSource(option.attributeName(), this.read(flag, value) !== option.negate, 'cli');
    return true;
  }

  private read(flag: string, value: string): boolean {
    try {
      return parseBoolean(value);
    } catch (thrown) {
      if (!(thrown instanceof InvalidArgumentError)) throw thrown;
      const words = `error: option '${flag}' argument '${value}' is invalid. ${thrown.message}`;
      return this.error(words, { code: thrown.code });
    }
  }

  private find(flag: string): Option | undefined {
    return this.options.find(({ long, short }) => flag === long || flag === short);
  }
}

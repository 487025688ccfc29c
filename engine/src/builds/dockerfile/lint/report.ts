import type { Range } from '../source/position.ts';
import { isActive, type LintSettings, withComments } from './lint-settings.ts';
import { type LintRule, ruleUrl } from './rules.ts';

export interface LintWarning {
  readonly rule: LintRule;
  readonly message: string;
  readonly range: Range;
  /** The page that explains the rule. */
  readonly url: string;
}

/** Collects the warnings of the rules that are on. */
export class Report {
  readonly settings: LintSettings;
  private readonly found: LintWarning[] = [];

  constructor(settings: LintSettings) {
    this.settings = settings;
  }

  /** `comments`: of the instruction, which may turn rules off for it. */
  add(rule: LintRule, range: Range, message: string, comments: readonly string[] = []): void {
    if (!isActive(rule, withComments(this.settings, comments))) return;
    this.found.push({ rule, message, range, url: ruleUrl(rule) });
  }

  /** By their place. */
  get warnings(): readonly LintWarning[] {
    return this.found.toSorted(
      ({ range: { start: left } }, { range: { start: right } }) =>
        left.line - right.line || left.column - right.column,
    );
  }
}

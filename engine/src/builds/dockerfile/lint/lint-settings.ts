import { Reason } from '../problems/reason.ts';
import { parseTruth } from '../parsing/truth.ts';
import { EXPERIMENTAL_RULES, type LintRule } from './rules.ts';

/** What `# check=` says. */
export interface LintSettings {
  readonly skip: ReadonlySet<string> | 'all';
  readonly experimental: ReadonlySet<string> | 'all';
  /** Warnings make the build fail. */
  readonly error: boolean;
}

export const DEFAULT_LINT_SETTINGS: LintSettings = { skip: new Set(), experimental: new Set(), error: false };

const EXPECTED = 'It is written check=skip=RULE,RULE;error=true.';

/** Reads `skip=RULE,RULE;experimental=all;error=true`. Rules are case-sensitive. Fails with a Reason. */
export function parseLintSettings(text: string): LintSettings {
  let settings = DEFAULT_LINT_SETTINGS;
  for (const part of text.split(';').map((option) => option.trim())) {
    const equals = part.indexOf('=');
    const key = part.slice(0, Math.max(equals, 0)).trim();
    const value = part.slice(equals + 1).trim();
    if (key === 'skip' || key === 'experimental') settings = { ...settings, [key]: rulesOf(value) };
    else if (key === 'error') settings = { ...settings, error: parseTruth('error', value) };
    else throw new Reason(`"${part}" is no option of the check directive.`, EXPECTED);
  }
  return settings;
}

/** With what `# check=skip=...` right above an instruction adds, for that instruction. */
export function withComments(settings: LintSettings, comments: readonly string[]): LintSettings {
  for (const comment of comments) {
    const text = checkComment(comment);
    if (text === null) continue;
    try {
      const { skip, experimental } = parseLintSettings(text.split(/\s/, 1)[0] ?? '');
      return {
        ...settings,
        skip: union(settings.skip, skip),
        experimental: union(settings.experimental, experimental),
      };
    } catch (error) {
      // A comment that only looks like a directive is a comment.
      if (!(error instanceof Reason)) throw error;
      return settings;
    }
  }
  return settings;
}

/** What follows `check=` in a comment; null: it is another one. */
export function checkComment(comment: string): string | null {
  return /^check\s*=\s*(\S.*)$/i.exec(comment)?.[1] ?? null;
}

export function isActive(rule: LintRule, { skip, experimental }: LintSettings): boolean {
  if (EXPERIMENTAL_RULES.has(rule)) return experimental === 'all' || experimental.has(rule);
  return skip !== 'all' && !skip.has(rule);
}

function rulesOf(value: string): ReadonlySet<string> | 'all' {
  return value === 'all' ? 'all' : new Set(value.split(',').map((rule) => rule.trim()));
}

function union(
  left: ReadonlySet<string> | 'all',
  right: ReadonlySet<string> | 'all',
): ReadonlySet<string> | 'all' {
  return left === 'all' || right === 'all' ? 'all' : new Set([...left, ...right]);
}

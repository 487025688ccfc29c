import { EngineError } from '../../errors/index.ts';
import { cleanPath } from './clean-path.ts';
import { compileGlob, type Glob, matchGlob } from './glob.ts';

export interface IgnoreRule {
  /** Cleaned, without `!` and a leading slash. */
  readonly pattern: string;
  /** `!`: takes files back in. */
  readonly negated: boolean;
  /** Its line, from 1; of a list of patterns, its place in it. */
  readonly line: number;
}

export interface IgnoreDecision {
  readonly ignored: boolean;
  /** The rule that decided; null: none did, and the file stays. */
  readonly rule: IgnoreRule | null;
}

interface CompiledRule {
  readonly rule: IgnoreRule;
  readonly glob: Glob;
}

const MAX_LENGTH = 1024 * 1024;
const MAX_RULES = 10_000;
const MAX_PATTERN = 4096;
const BYTE_ORDER_MARK = '\uFEFF';

/** The rules of a .dockerignore. The last one that matches a path, or a folder it is in, decides. */
export class IgnoreRules {
  readonly rules: readonly IgnoreRule[];
  private readonly compiled: readonly CompiledRule[];

  private constructor(compiled: readonly CompiledRule[]) {
    this.compiled = compiled;
    this.rules = compiled.map(({ rule }) => rule);
  }

  /** Reads a .dockerignore. `invalid-argument` names the line that is wrong. */
  static parse(text: string): IgnoreRules {
    if (text.length > MAX_LENGTH) throw invalid(1, `.dockerignore is longer than ${MAX_LENGTH} characters`);
    const content = text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
    return IgnoreRules.of(content.split('\n').map((line) => (line.startsWith('#') ? '' : line)));
  }

  /** Of patterns as one line of the file each: `COPY --exclude`. */
  static of(patterns: readonly string[]): IgnoreRules {
    const compiled = patterns.flatMap((text, index) => {
      const rule = parseRule(text, index + 1);
      return rule === null ? [] : [{ rule, glob: compile(rule) }];
    });
    if (compiled.length > MAX_RULES) throw invalid(MAX_RULES, `there are more than ${MAX_RULES} rules`);
    return new IgnoreRules(compiled);
  }

  /** `path`: from the context's root, with slashes. The root itself is never ignored. */
  match(path: string): IgnoreDecision {
    const relative = relativePath(path);
    let decision: IgnoreDecision = { ignored: false, rule: null };
    if (relative === '.') return decision;
    for (const { rule, glob } of this.compiled) {
      // A rule that would change nothing is not asked.
      if (rule.negated !== decision.ignored) continue;
      if (matchGlob(glob, relative).matches) decision = { ignored: !rule.negated, rule };
    }
    return decision;
  }

  /** Whether a folder is ignored with all that is in it: a walk need not enter it. */
  ignoresTree(path: string): boolean {
    const { ignored, rule } = this.match(path);
    if (!ignored) return false;
    const relative = relativePath(path);
    const later = this.compiled.slice(this.compiled.findIndex((compiled) => compiled.rule === rule) + 1);
    return !later.some(({ rule: { negated }, glob }) => negated && matchGlob(glob, relative).mayMatchBelow);
  }
}

/** Where a build looks for its rules, first to last; `dockerfile` is the Dockerfile's path. */
export function ignoreFileNames(dockerfile: string): readonly [string, string] {
  return [`${dockerfile}.dockerignore`, '.dockerignore'];
}

/** Null: the line says nothing. */
function parseRule(line: string, number: number): IgnoreRule | null {
  const text = line.trim();
  if (text === '') return null;
  if (text.length > MAX_PATTERN) throw invalid(number, `a pattern is longer than ${MAX_PATTERN} characters`);
  const negated = text.startsWith('!');
  const written = negated ? text.slice(1).trim() : text;
  if (written === '') throw invalid(number, '"!" stands alone', 'A pattern follows it.');
  const cleaned = cleanPath(written);
  const pattern = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
  return { pattern, negated, line: number };
}

function compile({ pattern, line }: IgnoreRule): Glob {
  const glob = compileGlob(pattern);
  if (glob !== null) return glob;
  const hint = 'A "[" has its "]", a range goes upwards, a backslash has a character behind it.';
  throw invalid(line, `"${pattern.slice(0, 200)}" is no pattern`, hint);
}

function relativePath(path: string): string {
  return cleanPath(path).replace(/^\/(?=.)/, '');
}

function invalid(line: number, reason: string, hint?: string): EngineError {
  return new EngineError('invalid-argument', `Line ${line} of .dockerignore: ${reason}.`, {
    detail: { step: 'dockerignore', path: `${line}` },
    ...(hint !== undefined && { hint }),
  });
}

import { EngineError } from '../../../errors/index.ts';
import { placedIn } from '../problems/instruction-failure.ts';
import { planStages } from '../stages/plan-stages.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { lintBases } from './bases.ts';
import { lintCasing } from './casing.ts';
import { lintInstructions } from './instructions.ts';
import { DEFAULT_LINT_SETTINGS, type LintSettings, parseLintSettings } from './lint-settings.ts';
import { type LintWarning, Report } from './report.ts';
import { lintStages } from './stages.ts';
import type { LintOptions } from './lint-options.ts';

export interface LintResult {
  /** In the file's order; with an `error`, those that were found before it. */
  readonly warnings: readonly LintWarning[];
  /** There are warnings, and the file says `check=error=true`. */
  readonly failed: boolean;
  /** What would stop a build before its first step: a base without a name, a variable that must be set. */
  readonly error: EngineError | null;
}

/** Checks a Dockerfile: all stages, or with a target those that it needs. */
export function lintDockerfile(file: Dockerfile, options: LintOptions): LintResult {
  const report = new Report(lintSettingsOf(file));
  for (const range of file.emptyContinuations)
    report.add('NoEmptyContinuation', range, 'Empty continuation line');
  lintCasing(file, report);
  lintInstructions(file, report);
  const error = refusalOf(() => {
    lintBases(file, options, report);
    lintStages(file, planStages(file, options), options, report);
  });
  const { warnings } = report;
  return { warnings, failed: report.settings.error && warnings.length > 0, error };
}

function refusalOf(check: () => void): EngineError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

/** What the file's check directive says, up to its first blank; fails with a DockerfileError that points at it. */
export function lintSettingsOf({ directives: { check, sourceLines } }: Dockerfile): LintSettings {
  if (check === null) return DEFAULT_LINT_SETTINGS;
  const start = { line: 1, column: 1 };
  const place = { range: { start, end: start }, sourceLines };
  return placedIn(check.range, place, () => parseLintSettings(check.text.split(/\s/, 1)[0] ?? ''));
}

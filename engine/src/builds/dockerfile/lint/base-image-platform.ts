import { formatPlatform, normalizePlatform } from '../../../oci/index.ts';
import type { Platform } from '../../../types/index.ts';
import type { FromInstruction } from '../syntax/instruction.ts';
import { type LintWarning, Report } from './report.ts';
import type { LintSettings } from './lint-settings.ts';

/** The warning for a base image that was pulled with another platform than the build wants; null: it is right. */
export function lintBaseImagePlatform(
  from: FromInstruction,
  expected: Platform,
  actual: Platform,
  settings: LintSettings,
): LintWarning | null {
  const [wanted, pulled] = [normalizePlatform(expected), normalizePlatform(actual)];
  if (wanted.os === pulled.os && wanted.architecture === pulled.architecture) return null;
  const report = new Report(settings);
  const message = `Base image ${from.image.text} was pulled with platform "${formatPlatform(pulled)}", expected "${formatPlatform(wanted)}" for current build`;
  report.add('InvalidBaseImagePlatform', from.image.range, message, from.comments);
  return report.warnings[0] ?? null;
}

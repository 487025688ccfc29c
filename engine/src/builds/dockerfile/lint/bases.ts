import { EngineError } from '../../../errors/index.ts';
import { parseReference } from '../../../oci/index.ts';
import { type Expanded, expandWord } from '../expansion/expand-word.ts';
import { placedIn } from '../problems/instruction-failure.ts';
import { closest } from '../problems/suggestion.ts';
import type { Word } from '../source/position.ts';
import type { BuildVariables } from '../stages/build-variables.ts';
import { type GlobalScope, globalScope } from '../stages/global-scope.ts';
import { parsePlatform } from '../stages/platform-text.ts';
import { Reason } from '../problems/reason.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { FromInstruction } from '../syntax/instruction.ts';
import type { Report } from './report.ts';

/** FROM lines: their arguments, their platform. */
export function lintBases(file: Dockerfile, variables: BuildVariables, report: Report): void {
  const globals = globalScope(file, variables);
  for (const { from } of file.stages) {
    lintUnset(from.image, expand(file, from, from.image, globals), { from, globals, report });
    if (from.platform !== null) {
      const expanded = expand(file, from, from.platform, globals);
      lintUnset(from.platform, expanded, { from, globals, report });
      lintPlatform(from, from.platform, expanded, { globals, variables, report });
    }
  }
  lintDefaults(file, variables, report);
}

function expand(
  file: Dockerfile,
  from: FromInstruction,
  { text, range }: Word,
  globals: GlobalScope,
): Expanded {
  const options = { escape: file.directives.escape, lookup: globals.lookup };
  return placedIn(range, from, () => expandWord(text, options));
}

function lintUnset(
  word: Word,
  { unset }: Expanded,
  { from, globals, report }: { from: FromInstruction; globals: GlobalScope; report: Report },
): void {
  for (const name of unset) {
    if (globals.names.has(name)) continue;
    const near = closest(name, globals.names);
    const suggestion = near === null ? '' : ` (did you mean ${near}?)`;
    report.add(
      'UndefinedArgInFrom',
      word.range,
      `FROM argument '${name}' is not declared${suggestion}`,
      from.comments,
    );
  }
}

function lintPlatform(
  { name, comments }: FromInstruction,
  { text: written, range }: Word,
  { text, used, unset }: Expanded,
  { globals, variables, report }: { globals: GlobalScope; variables: BuildVariables; report: Report },
): void {
  if (used.size === 1 && unset.size === 0 && used.has('TARGETPLATFORM')) {
    if (text !== globals.lookup('TARGETPLATFORM')) return;
    const message = `Setting platform to predefined ${written} in FROM is redundant as this is the default behavior`;
    report.add('RedundantTargetPlatform', range, message, comments);
  }
  if (used.size > 0 || unset.size > 0) return;
  const platform = platformOrNull(text, variables);
  const stage = name?.text.toLowerCase() ?? '';
  // A stage whose name has the platform is meant to be of it.
  if (platform === null || stage.includes(platform.os) || stage.includes(platform.architecture)) return;
  const message = `FROM --platform flag should not use constant value "${text}"`;
  report.add('FromPlatformFlagConstDisallowed', range, message, comments);
}

function platformOrNull(text: string, { buildPlatform }: BuildVariables) {
  try {
    return parsePlatform(text, buildPlatform);
  } catch (error) {
    // The plan of the stages says what is wrong with it.
    if (error instanceof Reason) return null;
    throw error;
  }
}

/** Would the names be valid without any build argument? */
function lintDefaults(file: Dockerfile, variables: BuildVariables, report: Report): void {
  const defaults = defaultsOf(file, variables);
  if (defaults === null) return;
  for (const { from } of file.stages) {
    const { image, comments } = from;
    if (!image.text.includes('$') || isValidName(expand(file, from, image, defaults).text)) continue;
    const message = `Default value for ARG ${image.text} results in empty or invalid base image name`;
    report.add('InvalidDefaultArgInFrom', image.range, message, comments);
  }
}

/** Null: a default cannot be had without a build argument (`${X:?}`). */
function defaultsOf(file: Dockerfile, variables: BuildVariables): GlobalScope | null {
  try {
    return globalScope(file, { ...variables, buildArgs: new Map() });
  } catch (error) {
    if (error instanceof EngineError) return null;
    throw error;
  }
}

function isValidName(name: string): boolean {
  try {
    parseReference(name);
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

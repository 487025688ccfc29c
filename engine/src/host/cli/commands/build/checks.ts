import type { BuildCheck } from '../../../../types/index.ts';
import type { CommandContext } from '../../context.ts';

/** Says what the checks found, and answers with the exit code. */
export function sayChecks(
  context: CommandContext,
  { warnings, error, failed }: BuildCheck,
  file = 'Dockerfile',
): number {
  if (error !== null) context.print(`ERROR: ${error.message}`);
  else if (warnings.length === 0) context.print('Check complete, no warnings found.');
  else context.print(`Check complete, ${warnings.length} warning${warnings.length === 1 ? '' : 's'} found!`);
  for (const { rule, message, line, sourceLine, url } of warnings) {
    context.print(`\nWARNING: ${rule} - ${url}\n${message}\n${file}:${line}\n  ${line} | ${sourceLine}`);
  }
  return failed || warnings.length > 0 ? 1 : 0;
}

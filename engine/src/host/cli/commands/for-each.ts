import { EXIT_CODES } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { errorLines } from '../output/print-error.ts';

/** Does it for each in turn; a failure is printed, the rest go on, and the program's exit code says that one failed. */
export async function runForEach<Subject>(
  subjects: readonly Subject[],
  context: CommandContext,
  run: (subject: Subject) => Promise<void>,
): Promise<void> {
  for (const subject of subjects) {
    try {
      await run(subject);
    } catch (error) {
      errorLines(error).forEach((line) => context.say(line));
      context.exitCode = EXIT_CODES.failed;
    }
  }
}

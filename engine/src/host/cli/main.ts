import { CommanderError, InvalidArgumentError } from 'commander';
import { EXIT_CODES, exitCodeOf, toEngineError } from '../../errors/index.ts';
import { type Folders, ProcessContext } from './context.ts';
import { errorLines } from './output/print-error.ts';
import { createProgram } from './program.ts';

/** What commander says of flags that are unknown or wrong; docker exits with 125 then, and with 1 for other usage. */
const FLAG_ERRORS: ReadonlySet<string> = new Set([
  'commander.unknownOption',
  'commander.optionMissingArgument',
  'commander.invalidArgument',
]);

/** Runs one command line and resolves with the exit code. */
export async function main(argv: readonly string[], version: string): Promise<number> {
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);

  let context: ProcessContext | undefined;
  const program = createProgram(version, (folders: () => Folders) => {
    context = new ProcessContext(folders, abort.signal);
    return context;
  });
  try {
    await program.parseAsync([...argv]);
    return context?.exitCode ?? 0;
  } catch (thrown) {
    // Of flags that contradict each other, which commander does not see.
    if (thrown instanceof InvalidArgumentError) {
      process.stderr.write(`longshore: ${thrown.message}\n`);
      return EXIT_CODES.engine;
    }
    // Help and version come as an "error" with code 0; what commander refuses it has printed already.
    if (thrown instanceof CommanderError) {
      return FLAG_ERRORS.has(thrown.code) ? EXIT_CODES.engine : thrown.exitCode;
    }
    return report(thrown, abort.signal, program.args);
  } finally {
    context?.[Symbol.dispose]();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function report(thrown: unknown, signal: AbortSignal, args: readonly string[]): number {
  if (signal.aborted) return EXIT_CODES.interrupted;
  // The reader of our output has left; there is nobody to tell.
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EPIPE') return EXIT_CODES.failed;
  const error = toEngineError(thrown);
  process.stderr.write(`${errorLines(error).join('\n')}\n`);
  const verb = args[0] === 'container' ? args[1] : args[0];
  const code = exitCodeOf(error);
  // Only `run` tells the engine's refusal apart from whatever else can be 1; that a command cannot run, all do.
  return verb === 'run' || code !== EXIT_CODES.engine ? code : EXIT_CODES.failed;
}

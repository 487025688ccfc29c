import { CommanderError } from 'commander';
import { EXIT_CODES, exitCodeOf, toEngineError } from '../../errors/index.ts';
import { type Folders, ProcessContext } from './context.ts';
import { errorLines } from './output/print-error.ts';
import { createProgram } from './program.ts';

/** Verbs whose exit code is the container's own, so that ours must be told apart from it. */
const RUNS_A_COMMAND: ReadonlySet<string> = new Set(['run', 'exec', 'start', 'create']);

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
  }).exitOverride();
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
    return context?.exitCode ?? 0;
  } catch (thrown) {
    // Help and version come as an "error" with code 0; what commander refuses it has printed already.
    if (thrown instanceof CommanderError) return thrown.exitCode;
    return report(thrown, abort.signal, program.args[0] ?? '');
  } finally {
    context?.[Symbol.dispose]();
  }
}

function report(thrown: unknown, signal: AbortSignal, verb: string): number {
  if (signal.aborted) return EXIT_CODES.interrupted;
  // The reader of our output has left; there is nobody to tell.
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EPIPE') return EXIT_CODES.failed;
  const error = toEngineError(thrown);
  process.stderr.write(`${errorLines(error).join('\n')}\n`);
  return RUNS_A_COMMAND.has(verb) ? exitCodeOf(error) : EXIT_CODES.failed;
}

import { type Command, Option } from 'commander';
import { listenOnDockerSocket } from '../../../api/index.ts';
import { dockerSocketPath } from '../../../folders.ts';
import { createEngine } from '../../../index.ts';
import { startDashboard } from '../../dashboard/dashboard.ts';
import { engineSocketPath, listenOnEngineSocket } from '../../door/engine-socket.ts';
import { agentBinary, rendererDir } from '../../locations.ts';
import type { CommandContext, Folders } from '../context.ts';
import { parseInteger } from '../flags/values.ts';
import { reportAgent } from '../output/agent-state.ts';

interface ServeOptions {
  readonly dashboard?: boolean;
  readonly port: number;
}

export function addServe(program: Command, context: CommandContext, folders: () => Folders): void {
  program
    .command('serve')
    .description('run the engine without a window, in the foreground')
    .option('--dashboard', 'serve the dashboard on 127.0.0.1 as well')
    .addOption(
      new Option('--port <port>', 'of the dashboard; 0 for any free one').argParser(parseInteger).default(0),
    )
    .action((options: ServeOptions) => runEngine(options, folders(), context));
}

async function runEngine(options: ServeOptions, folders: Folders, context: CommandContext): Promise<void> {
  const onInternalError = (operation: string, error: Error) =>
    context.say(`longshore: ${operation}: ${error.stack ?? error.message}`);
  await using engine = await createEngine({ ...folders, agent: { binary: agentBinary() } });
  await using socket = await listenOnEngineSocket(engine.handlers, folders.runDir, { onInternalError });
  context.print(`Engine: ${engineSocketPath(folders.runDir)}`);
  await using docker = await listenOnDockerSocket(engine.handlers, folders.runDir, { onInternalError });
  context.print(`Docker API: unix://${dockerSocketPath(folders.runDir)}`);
  await using dashboard =
    options.dashboard === true
      ? await startDashboard(engine.handlers, {
          rendererDir: rendererDir(),
          port: options.port,
          onInternalError,
          onSignIn: (url) => context.print(`A browser has signed in. For another one: ${url}`),
        })
      : undefined;
  if (dashboard !== undefined) context.print(`Dashboard: ${dashboard.url}`);
  const reporting = reportAgent(engine.handlers, context);
  context.print('Ready. Ctrl+C stops the engine; containers run on.');
  await Promise.all([aborted(context.signal), reporting]);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import type { Command } from 'commander';
import { EngineError } from '../../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { askHidden, askLine, readAll } from '../terminal/questions.ts';

interface LoginOptions {
  readonly username?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly insecure?: boolean;
}

const DOCKER_HUB = 'docker.io';

export function addLogin(program: Command, context: CommandContext): void {
  program
    .command('login')
    .description('sign in to a registry')
    .argument('[registry]', 'Docker Hub when left out', DOCKER_HUB)
    .option('-u, --username <name>')
    .option('-p, --password <password>', 'or token; others can read it in the list of processes')
    .option('--password-stdin', 'read the password from stdin')
    .option('--insecure', 'plain HTTP and any certificate will do')
    .action(async (registry: string, options: LoginOptions) => {
      const { username, password } = await whoIs(options, context);
      const { insecure = false } = options;
      const client = await context.client();
      const signedIn = await client.registries.signIn({ registry, username, password, insecure });
      context.print(`Login Succeeded: ${signedIn.username ?? ''} at ${signedIn.registry}`);
    });
}

export function addLogout(program: Command, context: CommandContext): void {
  program
    .command('logout')
    .description('forget the password for a registry')
    .argument('[registry]', 'Docker Hub when left out', DOCKER_HUB)
    .action(async (registry: string) => {
      const signedOut = await (await context.client()).registries.signOut({ registry });
      context.print(`Removed the sign-in to ${signedOut.registry}`);
    });
}

async function whoIs(
  options: LoginOptions,
  context: CommandContext,
): Promise<{ readonly username: string; readonly password: string }> {
  if (options.passwordStdin === true) {
    if (options.password !== undefined) throw usage('--password and --password-stdin exclude each other.');
    if (options.username === undefined) throw usage('--password-stdin needs --username.');
    const password = (await readAll(context.stdin)).replace(/\r?\n$/, '');
    return { username: options.username, password: notEmpty(password, 'password') };
  }
  if (options.password !== undefined) {
    context.say('Warning: a password on the command line can be read by others. Use --password-stdin.');
  }
  const isComplete = options.username !== undefined && options.password !== undefined;
  if (!isComplete && !context.stdin.isTTY) {
    throw usage('There is no terminal to ask for the password on.', 'Use --username and --password-stdin.');
  }
  const username = options.username ?? (await askLine(context, 'Username: '));
  const password = options.password ?? (await askHidden(context, 'Password: '));
  return { username: notEmpty(username.trim(), 'user name'), password: notEmpty(password, 'password') };
}

function notEmpty(text: string, noun: string): string {
  if (text !== '') return text;
  throw usage(`The ${noun} is empty.`);
}

function usage(message: string, hint?: string): EngineError {
  return new EngineError('invalid-argument', message, hint === undefined ? {} : { hint });
}

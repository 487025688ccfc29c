import type { Command } from 'commander';
import type { ContainerRequestInput, EngineClient } from '../../../contract/index.ts';
import { EngineError, isEngineError } from '../../../errors/index.ts';
import type { ContainerDetails } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import {
  addContainerOptions,
  type ContainerOptions,
  toContainerRequest,
} from '../flags/container-options.ts';
import {
  addDetachKeys,
  addSigProxy,
  type DetachOptions,
  type SignalOptions,
} from '../flags/session-options.ts';
import { errorLines } from '../output/print-error.ts';
import { runSession } from '../terminal/session.ts';
import { forwardSignals } from '../terminal/signal-proxy.ts';
import { pullImage } from './pull.ts';

interface CreateOptions extends ContainerOptions {
  readonly pull?: 'always' | 'missing' | 'never';
}

interface RunOptions extends CreateOptions, DetachOptions, SignalOptions {
  readonly detach?: boolean;
}

export function addRun(program: Command, context: CommandContext): void {
  addSigProxy(
    addDetachKeys(addCreateOptions(program.command('run').description('make a container and run it'))),
  )
    .option('-d, --detach', 'leave it running and print its id')
    .action(async (image: string, command: string[], options: RunOptions) => {
      const client = await context.client();
      if (options.detach === true) {
        const created = await create(client, context, image, command, options);
        await startOrRemove(client, created, options);
        context.print(created.id);
        return;
      }
      checkTerminal(context, options);
      const created = await create(client, context, image, command, options);
      context.exitCode = await runInForeground(client, context, created, options);
    });
}

export function addCreate(program: Command, context: CommandContext): void {
  addCreateOptions(program.command('create').description('make a container without starting it')).action(
    async (image: string, command: string[], options: CreateOptions) => {
      context.print((await create(await context.client(), context, image, command, options)).id);
    },
  );
}

function addCreateOptions(command: Command): Command {
  return addContainerOptions(command.argument('<image>').argument('[command...]'))
    .passThroughOptions()
    .option('--pull <when>', 'always, missing or never', 'missing');
}

async function create(
  client: EngineClient,
  context: CommandContext,
  image: string,
  command: readonly string[],
  options: CreateOptions,
): Promise<ContainerDetails> {
  const request = toContainerRequest(image, command, options);
  const created = await createOrPull(client, context, request, options);
  for (const warning of created.warnings) context.say(`WARNING: ${warning}`);
  return created;
}

async function createOrPull(
  client: EngineClient,
  context: CommandContext,
  request: ContainerRequestInput,
  options: CreateOptions,
): Promise<ContainerDetails> {
  const { image } = request;
  const pull = { ...(options.platform !== undefined && { platform: options.platform }) };
  if (options.pull === 'always') await pullImage(client, context, image, pull, context.stderr);
  try {
    return await client.containers.create(request, { signal: context.signal });
  } catch (error) {
    // Networks and other containers that it names may be what is not there.
    const isMissing =
      isEngineError(error, 'not-found') &&
      (error.detail.step === 'image' || error.detail.step === 'platform');
    if (!isMissing || options.pull !== 'missing') throw error;
    context.say(`Unable to find image '${image}' locally`);
    await pullImage(client, context, image, pull, context.stderr);
    return client.containers.create(request, { signal: context.signal });
  }
}

/** As docker: a container of `--rm` that cannot start is removed; else it stays to be looked at. */
async function startOrRemove(
  client: EngineClient,
  { id }: ContainerDetails,
  { rm }: ContainerOptions,
): Promise<void> {
  try {
    await client.containers.start({ container: id });
  } catch (error) {
    if (rm === true) await client.containers.remove({ container: id, force: true, volumes: true });
    throw error;
  }
}

async function runInForeground(
  client: EngineClient,
  context: CommandContext,
  created: ContainerDetails,
  options: RunOptions,
): Promise<number> {
  const container = created.id;
  const tty = options.tty ?? false;
  const attached = client.containers.attach({
    container,
    stdin: options.interactive ?? false,
    beforeStart: true,
  });
  using signals =
    tty || !options.sigProxy
      ? undefined
      : forwardSignals((signal) => client.containers.kill({ container, signal }));
  const code = await runSession(attached, context, {
    tty,
    stdin: options.interactive ?? false,
    detachKeys: options.detachKeys,
    onReady: () => startOrRemove(client, created, options),
  });
  if (code !== null && options.rm === true) await untilRemoved(client, context, container);
  return code ?? 0;
}

/** The engine removes a container of `--rm` by itself; who reads our exit code may count on its being gone. */
async function untilRemoved(client: EngineClient, context: CommandContext, container: string): Promise<void> {
  try {
    await client.containers.wait({ container });
    await client.containers.remove({ container, volumes: true });
  } catch (error) {
    // Gone already, or started again by someone else.
    if (isEngineError(error, 'not-found') || isEngineError(error, 'conflict')) return;
    for (const line of errorLines(error)) context.say(line);
  }
}

function checkTerminal(context: CommandContext, options: ContainerOptions): void {
  if (options.tty === true && options.interactive === true && !context.stdin.isTTY) {
    throw new EngineError('failed-precondition', 'The input is not a terminal.', {
      hint: 'Leave -t out when input comes from a pipe or a file.',
    });
  }
}

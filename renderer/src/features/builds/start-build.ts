import type { BuildRequestInput, EngineClient } from '@longshore/engine/contract';
import type { BuildEvent } from '@longshore/engine/types';
import { reportError } from '../../lib/report-error.ts';
import { packTar } from '../../lib/tar/index.ts';
import { sourcesOf } from '../files/write-files.ts';
import type { GivenFolder } from './build-form.ts';

/** Starts a build that goes on by itself, and tells its id. Fails when it does not even begin. */
export async function startBuild(
  engine: EngineClient,
  request: BuildRequestInput,
  given: GivenFolder | undefined,
): Promise<string> {
  const call = engine.builds.build(request);
  const events = call[Symbol.asyncIterator]();
  const sending = send(call, given?.files ?? []);
  // A build that does not begin says more than files that nobody took.
  sending.catch(() => undefined);
  const id = await startedId(events);
  if (given === undefined) await events.return?.();
  else void followWhileSending(events, sending);
  return id;
}

async function send(
  call: { send(bytes: Uint8Array): Promise<void>; end(): void },
  files: GivenFolder['files'],
): Promise<void> {
  if (files.length > 0) {
    for await (const piece of packTar(sourcesOf(files))) await call.send(piece);
  }
  call.end();
}

async function startedId(events: AsyncIterator<BuildEvent>): Promise<string> {
  for (;;) {
    const next = await events.next();
    if (next.done === true) throw new Error('The build ended before it began.');
    if (next.value.type === 'started') return next.value.build;
  }
}

/** Its page tells how the build goes; the call stays open until the engine has all files. */
async function followWhileSending(events: AsyncIterator<BuildEvent>, sending: Promise<void>): Promise<void> {
  sending.catch(reportError);
  try {
    while ((await events.next()).done !== true);
  } catch {
    // The failure is the build's, and told there.
  }
}

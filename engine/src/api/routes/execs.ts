import { z } from 'zod';
import { toEngineError } from '../../errors/index.ts';
import type { Exec } from '../execs/exec-table.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError, toDockerError } from '../server/failure.ts';
import { json, noContent, type Reply } from '../server/reply.ts';
import { route, type Route } from '../server/router.ts';
import { frame, streamContentType } from '../streams/frames.ts';
import { detachKeysOf, Session } from '../streams/session.ts';
import { startFailure } from '../wire/container-failures.ts';
import { flag, given, integer, list, word, words } from '../wire/json.ts';
import { find } from './container-life.ts';
import { sizeOf } from './container-streams.ts';

/** Docker's exit code of what could not be started, for whatever reason. */
const NOT_STARTED = 126;
/** Because something of it is not there. */
const NOT_FOUND = 127;

const createBody = z.object({
  User: word,
  Privileged: flag,
  Tty: flag,
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  DetachKeys: word,
  Env: words,
  WorkingDir: word,
  Cmd: words,
});

const startBody = z.object({ Detach: flag, Tty: flag, ConsoleSize: list(integer) });

async function createExec(call: ApiCall): Promise<Reply> {
  const body = await call.json(createBody);
  const { id, state } = await find(call);
  if (body.Cmd === undefined || body.Cmd.length === 0)
    throw new DockerError(400, 'no exec command specified');
  checkRunning(id, state.status);
  detachKeysOf(body.DetachKeys);
  const exec = call.execs.create({
    containerId: id,
    command: body.Cmd,
    env: body.Env ?? [],
    workingDir: given(body.WorkingDir),
    user: given(body.User),
    tty: body.Tty ?? false,
    privileged: body.Privileged ?? false,
    stdin: body.AttachStdin ?? false,
    stdout: body.AttachStdout ?? false,
    stderr: body.AttachStderr ?? false,
    detachKeys: body.DetachKeys,
  });
  return json({ Id: exec.id }, 201);
}

function checkRunning(id: string, status: string): void {
  if (status === 'paused') {
    throw new DockerError(409, `container ${id} is paused, unpause the container before exec`);
  }
  if (status !== 'running' && status !== 'stopping')
    throw new DockerError(409, `container ${id} is not running`);
}

async function startExec(call: ApiCall): Promise<Reply> {
  const body = await call.json(startBody);
  const exec = call.execs.find(call.name);
  if (exec.state !== 'created') {
    throw new DockerError(409, `exec ${exec.id} has already run`);
  }
  const detach = body.Detach ?? false;
  exec.state = 'running';
  const contentType = streamContentType(call.version, !exec.tty);
  let session: Session;
  try {
    session = await openSession(call, exec, detach, body.ConsoleSize);
  } catch (thrown) {
    if (detach) throw thrown;
    return failedStart(thrown, exec, contentType);
  }
  if (detach) {
    await session.leave();
    return noContent(200);
  }
  const options = {
    tty: exec.tty,
    stdin: exec.stdin,
    endsStdin: !exec.tty,
    detachKeys: detachKeysOf(exec.detachKeys),
    onExit: (code: number) => call.execs.ended(exec.id, code),
  };
  return {
    kind: 'hijack',
    contentType,
    async converse(stream) {
      try {
        await session.converse(stream, options);
      } finally {
        exec.call = null;
      }
    },
  };
}

/** Docker tells it in the stream; docker(1) prints it, and takes its exit code from inspect. */
function failedStart(thrown: unknown, exec: Exec, contentType: string): Reply {
  const text = Buffer.from(`OCI runtime exec failed: ${toDockerError(thrown).message}\r\n`);
  return {
    kind: 'hijack',
    contentType,
    converse: (stream) => stream.write(exec.tty ? text : frame('stdout', text)),
  };
}

async function openSession(
  { engine, execs, signal }: ApiCall,
  exec: Exec,
  detach: boolean,
  consoleSize: readonly (number | undefined)[] = [],
): Promise<Session> {
  const [rows = 0, columns = 0] = consoleSize;
  const input = {
    id: exec.id,
    container: exec.containerId,
    command: [...exec.command],
    env: [...exec.env],
    workingDir: exec.workingDir,
    user: exec.user,
    tty: exec.tty,
    privileged: exec.privileged,
    openStdin: exec.stdin && !detach,
    detach,
    ...(rows > 0 && columns > 0 && { size: { rows, columns } }),
  };
  try {
    const { session, pid } = await Session.open(engine.containers.exec(input, { signal }));
    exec.pid = pid ?? 0;
    exec.call = session.call;
    return session;
  } catch (thrown) {
    execs.ended(exec.id, exitCodeOf(thrown));
    throw startFailure(thrown);
  }
}

/** As Docker takes it from the words of its runtime. */
function exitCodeOf(thrown: unknown): number {
  const isMissing = toDockerError(thrown).message.endsWith('no such file or directory');
  return toEngineError(thrown).detail.exitCode ?? (isMissing ? NOT_FOUND : NOT_STARTED);
}

function inspectExec({ execs, name }: ApiCall): Reply {
  const exec = execs.find(name);
  const [entrypoint = '', ...args] = exec.command;
  return json({
    ID: exec.id,
    Running: exec.state === 'running',
    ExitCode: exec.exitCode,
    ProcessConfig: {
      tty: exec.tty,
      entrypoint,
      arguments: args,
      privileged: exec.privileged,
      ...(exec.user !== undefined && { user: exec.user }),
    },
    OpenStdin: exec.stdin,
    OpenStderr: exec.stderr,
    OpenStdout: exec.stdout,
    CanRemove: exec.state === 'exited',
    ContainerID: exec.containerId,
    DetachKeys: '',
    Pid: exec.pid,
  });
}

async function resizeExec({ execs, name, query }: ApiCall): Promise<Reply> {
  await execs.resize(name, sizeOf(query));
  return noContent(200);
}

export const execRoutes: readonly Route[] = [
  route('POST', '/containers/{name}/exec', createExec),
  route('POST', '/exec/{name}/start', startExec),
  route('POST', '/exec/{name}/resize', resizeExec),
  route('GET', '/exec/{name}/json', inspectExec),
];

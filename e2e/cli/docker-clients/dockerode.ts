import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import Docker from 'dockerode';
import { extract, pack } from 'tar-stream';

/** One real piece of work by dockerode, the library that most Node programs use. */
export async function dockerodeScenario(socketPath: string, reference: string): Promise<void> {
  const docker = new Docker({ socketPath });
  assert.equal(String(await docker.ping()), 'OK');
  await pull(docker, reference);
  const network = await docker.createNetwork({ Name: 'node-net', Labels: { 'made.by': 'node' } });
  await docker.createVolume({ Name: 'node-data', Labels: { 'made.by': 'node' } });
  const actions = await watchActions(docker);
  const server = await docker.createContainer({
    name: 'node-server',
    Image: reference,
    Cmd: ['sh', '-c', 'echo ready; echo trouble >&2; exec sleep 1000'],
    Env: ['COLOUR=blue'],
    Labels: { 'made.by': 'node' },
    StopSignal: 'SIGKILL',
    HostConfig: { NetworkMode: 'node-net', Binds: ['node-data:/data'], PidsLimit: 50 },
  });
  await server.start();
  const details = await server.inspect();
  assert.equal(details.State.Running, true);
  assert.equal(details.HostConfig.PidsLimit, 50);
  assert.equal(Object.keys(details.NetworkSettings.Networks)[0], 'node-net');
  await followLog(docker, server);
  assert.deepEqual(
    await exec(docker, server, ['sh', '-c', 'echo $COLOUR; cat; echo oops >&2; exit 4'], 'typed\n'),
    {
      code: 4,
      stdout: 'blue\ntyped\n',
      stderr: 'oops\n',
    },
  );
  await checkStats(server);
  await copyFiles(server);
  await checkRun(docker, reference);
  await build(docker, reference);
  await server.stop();
  assert.equal(((await server.wait()) as { StatusCode: number }).StatusCode, 137);
  await assert.rejects(server.stop(), { statusCode: 304 });
  await server.remove();
  await assert.rejects(server.inspect(), { statusCode: 404 });
  await network.remove();
  await docker.getVolume('node-data').remove();
  for (const action of ['create', 'start', 'die', 'stop', 'destroy']) await actions.saw(action);
  actions.end();
}

async function pull(docker: Docker, reference: string): Promise<void> {
  const stream = await docker.pull(reference);
  const lines = await progressOf(docker, readable(stream));
  assert.match(
    String(lines.at(-1)?.['status']),
    /^Status: (Downloaded newer image|Image is up to date) for /,
  );
  assert.ok((await docker.getImage(reference).inspect()).RepoTags.includes(reference));
}

/** Streams are told as interfaces of old; all of them are Node's own. */
function readable(stream: unknown): Readable {
  if (stream instanceof Readable) return stream;
  throw new TypeError('No stream of Node.');
}

type Line = Readonly<Record<string, unknown>>;

function progressOf(docker: Docker, stream: Readable): Promise<readonly Line[]> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error, lines: Line[]) => {
      if (!(error instanceof Error)) resolve(lines);
      else reject(error);
    });
  });
}

/** Everything that happens to containers from now on. */
async function watchActions(docker: Docker) {
  const stream = readable(await docker.getEvents({ filters: { type: ['container'] } }));
  const seen = new Set<string>();
  const heard = new PassThrough({ objectMode: true });
  createInterface({ input: stream }).on('line', (line) => {
    seen.add((JSON.parse(line) as { readonly Action: string }).Action);
    heard.emit('action');
  });
  return {
    async saw(action: string): Promise<void> {
      while (!seen.has(action)) await once(heard, 'action');
    },
    end: () => stream.destroy(),
  };
}

async function followLog(docker: Docker, server: Docker.Container): Promise<void> {
  const stream = readable(await server.logs({ follow: true, stdout: true, stderr: true }));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, stdout, stderr);
  const [first] = (await once(stdout, 'data')) as [Buffer];
  const [second] = (await once(stderr, 'data')) as [Buffer];
  assert.deepEqual([first.toString(), second.toString()], ['ready\n', 'trouble\n']);
  stream.destroy();
}

async function exec(docker: Docker, server: Docker.Container, command: readonly string[], input: string) {
  const made = await server.exec({
    Cmd: [...command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await made.start({ hijack: true, stdin: true });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, stdout, stderr);
  stream.on('end', () => {
    stdout.end();
    stderr.end();
  });
  stream.end(input);
  const [said, complained] = await Promise.all([text(stdout), text(stderr)]);
  const { ExitCode } = await made.inspect();
  return { code: ExitCode, stdout: said, stderr: complained };
}

async function checkStats(server: Docker.Container): Promise<void> {
  const stats = await server.stats({ stream: false });
  assert.ok(stats.cpu_stats.system_cpu_usage >= stats.precpu_stats.system_cpu_usage);
  assert.ok(stats.memory_stats.usage > 0);
  assert.ok(stats.networks['eth0'] !== undefined);
}

async function copyFiles(server: Docker.Container): Promise<void> {
  const archive = pack();
  archive.entry({ name: 'note' }, 'hello');
  archive.finalize();
  await server.putArchive(await buffer(archive), { path: '/data' });
  const entries = extract();
  const contents: string[] = [];
  entries.on('entry', (_header, stream, next) => {
    void text(stream).then((content) => {
      contents.push(content);
      next();
    });
  });
  const stream = readable(await server.getArchive({ path: '/data/note' }));
  await once(stream.pipe(entries), 'finish');
  assert.deepEqual(contents, ['hello']);
}

/** What `docker run -it` does: attach, then start, and the output of the terminal to its end. */
async function checkRun(docker: Docker, reference: string): Promise<void> {
  let said = '';
  const screen = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      said += piece.toString();
      done();
    },
  });
  const [result, container] = (await docker.run(
    reference,
    ['sh', '-c', 'test -t 1 && echo terminal; exit 6'],
    screen,
    {
      HostConfig: { NetworkMode: 'none' },
    },
  )) as [{ readonly StatusCode: number }, Docker.Container];
  assert.deepEqual([result.StatusCode, said], [6, 'terminal\r\n']);
  await container.remove();
}

async function build(docker: Docker, reference: string): Promise<void> {
  const context = pack();
  context.entry(
    { name: 'Dockerfile' },
    `FROM ${reference}\nARG WHO\nCOPY greeting /\nRUN echo $WHO >> /greeting\n`,
  );
  context.entry({ name: 'greeting' }, 'ahoy\n');
  context.finalize();
  const options = { t: 'node-built:1', buildargs: { WHO: 'captain' } };
  const lines = await progressOf(
    docker,
    readable(await docker.buildImage(Readable.from([await buffer(context)]), options)),
  );
  const image = docker.getImage('node-built:1');
  const { Id } = await image.inspect();
  assert.deepEqual(
    lines.flatMap(({ aux }) => (aux === undefined ? [] : [aux])),
    [{ ID: Id }],
  );
  await image.remove();
}

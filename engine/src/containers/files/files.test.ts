import { Readable } from 'node:stream';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../../testing/runtime/collect.ts';
import { ContainersBench, request } from '../../testing/runtime/containers-bench.ts';
import { file, folder, link } from '../../testing/runtime/fake-tree.ts';
import type { WriteArchiveOptions } from '../../runtime/index.ts';

let bench: ContainersBench;

beforeEach(async () => {
  bench = await ContainersBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

const context = { signal: new AbortController().signal };
const create = (more: object = {}) => bench.handlers.create(request(['sleep', '1000'], more), context);

async function* nothing(): AsyncIterable<Uint8Array<ArrayBuffer>> {
  // An archive may be empty.
}

describe('the files of a container', () => {
  it('are those of one that has never run, too', async () => {
    const { id } = await create();
    expect(await bench.handlers.statPath({ container: id, path: '/etc/passwd' }, context)).toMatchObject({
      name: 'passwd',
    });
    bench.files.of(id).nodes.set('/new', file('x'));
    const changes = await collect(bench.handlers.changes({ container: id }, context));
    expect(changes.flat()).toEqual([{ path: '/new', kind: 'added' }]);
  });

  it('that are not there are named in the words of docker', async () => {
    const { id } = await create({ name: 'web' });
    const place = { container: id, path: '/none' };
    const expected = { code: 'not-found', message: 'Could not find the file /none in container web' };
    await expect(bench.handlers.statPath(place, context)).rejects.toMatchObject(expected);
    await expect(collect(bench.handlers.readArchive(place, context))).rejects.toMatchObject(expected);
    const input = { ...place, noOverwriteDirNonDir: false, copyUidGid: false };
    await expect(collect(bench.handlers.writeArchive(input, nothing(), context))).rejects.toMatchObject(
      expected,
    );
  });

  it('are told of by the events that docker has', async () => {
    const { id } = await create();
    const place = { container: id, path: '/tmp' };
    const input = { ...place, noOverwriteDirNonDir: false, copyUidGid: false };
    await collect(bench.handlers.readArchive(place, context));
    const written = await collect(bench.handlers.writeArchive(input, nothing(), context));
    expect(written).toEqual([{ receivedBytes: 0 }]);
    await collect(bench.handlers.export({ container: id }, context));
    expect(bench.actions(id)).toEqual(['create', 'archive-path', 'extract-to-dir', 'export']);
  });

  it.each([
    ['', true, null],
    ['1000:1000', true, '1000:1000'],
    ['1000:1000', false, null],
  ])('of user %j, with copyUidGid %j, are given to %j', async (user, copyUidGid, owner) => {
    const asked: WriteArchiveOptions[] = [];
    const { id } = await create({ user });
    bench.files.writeArchive = async (_target, _path, _archive, options) => void asked.push(options);
    const input = { container: id, path: '/tmp', noOverwriteDirNonDir: true, copyUidGid };
    await collect(bench.handlers.writeArchive(input, nothing(), context));
    expect(asked).toMatchObject([{ owner, noOverwriteDirNonDir: true }]);
  });
});

describe('a commit of a container', () => {
  const input = { message: 'why', author: 'me', changes: ['USER app'], pause: true };

  it('hands over what differs from the image and what the container was told', async () => {
    const { id, image } = await create({ env: ['A=1'], labels: { l: '1' }, stopSignal: 'SIGQUIT' });
    bench.files.of(id).nodes.set('/new', file('x'));
    await bench.handlers.commit({ container: id, reference: 'mine', ...input }, context);
    const [commit] = bench.commits;
    expect(commit?.order).toMatchObject({
      baseImageId: image.id,
      reference: 'mine',
      author: 'me',
      message: 'why',
      createdBy: 'sleep 1000',
      changes: ['USER app'],
      run: { Env: ['PATH=/bin', 'A=1'], Cmd: ['sleep', '1000'], Labels: { l: '1' }, StopSignal: 'SIGQUIT' },
    });
    expect(commit?.layer.toString('latin1')).toContain('new');
    const [event] = bench.eventsOf(id).slice(-1);
    expect(event).toMatchObject({ action: 'commit', attributes: { comment: 'why', imageRef: 'mine' } });
  });

  it('holds the processes while the files are read, and lets them go on afterwards', async () => {
    const { id } = await bench.handlers.run(request(['sleep', '1000']), context);
    const seen: string[] = [];
    const { files } = bench;
    const layer = files.layer.bind(files);
    files.layer = async function* (target, options) {
      const { state } = await bench.handlers.inspect({ container: id }, context);
      seen.push(state.status);
      yield* layer(target, options);
    };
    await bench.handlers.commit({ container: id, ...input }, context);
    await bench.handlers.commit({ container: id, ...input, pause: false }, context);
    expect(seen).toEqual(['paused', 'running']);
    expect((await bench.handlers.inspect({ container: id }, context)).state.status).toBe('running');
  });

  it('lets the processes go on when the reading fails', async () => {
    const { id } = await bench.handlers.run(request(['sleep', '1000']), context);
    bench.files.layer = async function* () {
      yield Buffer.alloc(1);
      throw new Error('the disk broke');
    };
    await expect(bench.handlers.commit({ container: id, ...input }, context)).rejects.toThrow('broke');
    await bench.sawEvent(id, 'unpause');
    expect((await bench.handlers.inspect({ container: id }, context)).state.status).toBe('running');
  });
});

describe('the files of a container that does not run, in its volumes', () => {
  const mounts = [
    { type: 'volume', source: 'cargo', target: '/data' },
    { type: 'volume', source: 'cargo', target: '/seen', readOnly: true },
    { type: 'volume', source: 'cargo', target: '/part', subpath: 'hold' },
  ];
  let id: string;

  beforeEach(async () => {
    ({ id } = await create({ mounts }));
    const tree = bench.files.volumes.get('cargo');
    tree?.nodes.set('/hold', folder()).set('/hold/tea', file('12 crates')).set('/list', file('x'));
    tree?.nodes.set('/latest', link('list'));
  });

  const stat = (path: string) => bench.handlers.statPath({ container: id, path }, context);
  const names = async (path: string) =>
    (await collect(bench.handlers.listDirectory({ container: id, path }, context)))
      .flat()
      .map((it) => it.name);

  it("are the volumes'", async () => {
    expect(await names('/data')).toEqual(['hold', 'latest', 'list']);
    expect(await names('/data/hold/')).toEqual(['tea']);
    expect(await names('/etc/../part/.')).toEqual(['tea']);
    expect(await stat('/data/hold/tea')).toMatchObject({ name: 'tea', sizeBytes: 9 });
    expect(await stat('/data')).toMatchObject({ name: 'data' });
    expect(await stat('/part')).toMatchObject({ name: 'part' });
    await expect(stat('/database')).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['/data', ['data/', 'data/hold/', 'data/hold/tea', 'data/latest', 'data/list']],
    ['/part', ['part/', 'part/tea']],
    ['/data/hold', ['hold/', 'hold/tea']],
  ])('are copied out of %s under the names they have in it', async (path, expected) => {
    const pieces = await collect(bench.handlers.readArchive({ container: id, path }, context));
    const bytes = pieces.flatMap((piece) => (piece.kind === 'data' ? [piece.data] : []));
    expect(await entryNames(bytes)).toEqual(expected);
  });

  it('are changed there', async () => {
    await bench.handlers.makeDirectory({ container: id, path: '/data/new', mode: 0o755 }, context);
    await bench.handlers.renamePath(
      { container: id, path: '/data/list', newPath: '/data/new/list' },
      context,
    );
    await bench.handlers.removePath({ container: id, path: '/part/tea', recursive: false }, context);
    expect([...(bench.files.volumes.get('cargo')?.nodes.keys() ?? [])].sort()).toEqual([
      '/',
      '/hold',
      '/latest',
      '/new',
      '/new/list',
    ]);
  });

  it('stay as they are where the volume is read-only, and where two places are meant', async () => {
    const remove = (path: string) =>
      bench.handlers.removePath({ container: id, path, recursive: true }, context);
    await expect(remove('/seen/list')).rejects.toMatchObject({ code: 'permission-denied' });
    await expect(remove('/data')).rejects.toMatchObject({ code: 'failed-precondition' });
    const move = { container: id, path: '/data/list', newPath: '/tmp/list' };
    await expect(bench.handlers.renamePath(move, context)).rejects.toMatchObject({
      code: 'failed-precondition',
      detail: { step: 'rename', path: '/tmp/list' },
    });
    expect(await names('/data')).toEqual(['hold', 'latest', 'list']);
  });
});

async function entryNames(archive: readonly Uint8Array[]): Promise<readonly string[]> {
  const found: string[] = [];
  const reading = tar.extract();
  Readable.from(archive).pipe(reading);
  for await (const entry of reading) {
    found.push(entry.header.name);
    entry.resume();
  }
  return found;
}

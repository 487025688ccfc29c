import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelPair, contract, createClient, type EngineHandlers, serve } from '../../../contract/index.ts';
import { ContainersBench, request } from '../../../testing/runtime/containers-bench.ts';
import { type FakeTree, file, folder, link } from '../../../testing/runtime/fake-tree.ts';
import type { CommandContext } from '../context.ts';
import { parseCopy } from './copy-argument.ts';
import { copyFromContainer } from './from-container.ts';
import { copyToContainer } from './to-container.ts';

let bench: ContainersBench;
let here: string;
let tree: FakeTree;
let stdout: PassThrough;
let stdin: Readable;

beforeEach(async () => {
  bench = await ContainersBench.open();
  here = await mkdtemp(path.join(tmpdir(), 'longshore-copy-'));
  const { id } = await bench.handlers.create(request(['true'], { name: 'web' }), { signal: never() });
  tree = bench.files.of(id);
  stdout = new PassThrough();
  stdin = Readable.from([]);
});
afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  await rm(here, { recursive: true, force: true });
});

const never = () => new AbortController().signal;

function context(): CommandContext {
  const [caller, handler] = channelPair();
  serve(contract, { containers: bench.handlers } as unknown as EngineHandlers, handler);
  const client = createClient(contract, caller);
  const streams = { stdin, stdout, stderr: new PassThrough() };
  return {
    ...(streams as unknown as Pick<CommandContext, 'stdin' | 'stdout' | 'stderr'>),
    signal: never(),
    client: () => Promise.resolve(client),
    exitCode: 0,
    print: () => undefined,
    say: () => undefined,
  };
}

/** `longshore cp`, with the paths of this machine below a folder of its own unless they are absolute. */
async function cp(source: string, target: string, followLink = false): Promise<void> {
  const copy = parseCopy(source, target);
  const run = copy.direction === 'from-container' ? copyFromContainer : copyToContainer;
  await run(copy, { archive: false, followLink, quiet: true }, context());
}

const local = (name: string) => `${here}/${name}`;
const read = (name: string) => readFile(local(name), 'utf8');
const inside = (name: string) => tree.get(name).content.toString();

describe('cp to a container', () => {
  beforeEach(async () => {
    await mkdir(local('dir/sub'), { recursive: true });
    await writeFile(local('dir/a'), 'a', { mode: 0o640 });
    await writeFile(local('dir/sub/b'), 'b');
    await symlink('a', local('dir/link'));
    await writeFile(local('file'), 'text');
    await symlink('file', local('to-file'));
    await symlink('dir', local('to-dir'));
    tree.nodes.set('/srv', folder()).set('/srv/old', file('old')).set('/to-srv', link('srv'));
  });

  it.each([
    ['file', '/srv', '/srv/file', 'text'],
    ['file', '/srv/', '/srv/file', 'text'],
    ['file', '/srv/new', '/srv/new', 'text'],
    ['file', '/srv/old', '/srv/old', 'text'],
    ['file', '/to-srv', '/srv/file', 'text'],
    ['file', '/to-srv/new', '/srv/new', 'text'],
    ['dir', '/srv', '/srv/dir/sub/b', 'b'],
    ['dir/', '/srv', '/srv/dir/sub/b', 'b'],
    ['dir/.', '/srv', '/srv/sub/b', 'b'],
    ['dir', '/srv/new', '/srv/new/sub/b', 'b'],
    ['dir/.', '/srv/new', '/srv/new/sub/b', 'b'],
    ['dir', '/srv/new/', '/srv/new/sub/b', 'b'],
    ['to-dir/', '/srv', '/srv/to-dir/sub/b', 'b'],
    ['to-dir/.', '/srv', '/srv/sub/b', 'b'],
  ])('%s %s makes %s', async (source, target, made, content) => {
    await cp(local(source), `web:${target}`);
    expect(inside(made)).toBe(content);
  });

  it('keeps permissions, links and second names', async () => {
    await cp(local('dir'), 'web:/srv');
    expect(tree.get('/srv/dir/a').mode & 0o7777).toBe(0o640);
    expect(tree.get('/srv/dir/link').target).toBe('a');
  });

  it('copies a link as a link, and with -L what it leads to, under the name of the link', async () => {
    await cp(local('to-file'), 'web:/srv');
    expect(tree.get('/srv/to-file').target).toBe('file');
    await cp(local('to-file'), 'web:/srv', true);
    expect(inside('/srv/to-file')).toBe('text');
  });

  it.each([
    ['dir', '/srv/old', 'cannot copy directory'],
    ['file', '/nowhere/', 'no such directory'],
    ['file', '/nowhere/new', 'Could not find the file /nowhere in container web'],
    ['missing', '/srv', 'no such file or directory'],
    ['missing/new', '/srv', 'no such file or directory'],
  ])('%s %s is refused: %s', async (source, target, message) => {
    await expect(cp(local(source), `web:${target}`)).rejects.toThrow(message);
  });

  it('unpacks an archive from stdin into a directory, and into nothing else', async () => {
    tree.nodes.set('/srv/dir', folder()).set('/srv/dir/x', file('x'));
    stdout = new PassThrough();
    const whole = collect(stdout);
    await cp('web:/srv/dir', '-');
    stdout.end();
    const archive = await whole;
    tree.remove('/srv/dir');
    stdin = Readable.from([archive]);
    await cp('-', 'web:/srv');
    expect(inside('/srv/dir/x')).toBe('x');
    await expect(cp('-', 'web:/srv/old')).rejects.toThrow('destination "web:/srv/old" must be a directory');
  });

  it('ends when the container refuses in the middle of what is sent', async () => {
    tree.nodes.set('/srv/dir', file('in the way'));
    await writeFile(local('dir/sub/large'), Buffer.alloc(8_000_000));
    await expect(cp(local('dir'), 'web:/srv')).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('cp from a container', () => {
  beforeEach(async () => {
    await mkdir(local('there'));
    await writeFile(local('old'), 'old');
    tree.nodes
      .set('/srv', folder())
      .set('/srv/a', file('a', 0o640))
      .set('/srv/sub', folder())
      .set('/srv/sub/b', file('b'))
      .set('/srv/link', link('a'))
      .set('/to-a', link('/srv/a'))
      .set('/to-srv', link('/srv'));
  });

  it.each([
    ['/srv/a', 'there', 'there/a', 'a'],
    ['/srv/a', 'there/', 'there/a', 'a'],
    ['/srv/a', 'there/new', 'there/new', 'a'],
    ['/srv/a', 'old', 'old', 'a'],
    ['srv/a', 'there', 'there/a', 'a'],
    ['/srv', 'there', 'there/srv/sub/b', 'b'],
    ['/srv/', 'there', 'there/srv/sub/b', 'b'],
    ['/srv/.', 'there', 'there/sub/b', 'b'],
    ['/srv', 'there/new', 'there/new/sub/b', 'b'],
    ['/srv/.', 'there/new', 'there/new/sub/b', 'b'],
    ['/to-srv/.', 'there', 'there/sub/b', 'b'],
    ['/to-srv/', 'there', 'there/to-srv/sub/b', 'b'],
    ['/', 'there', 'there/srv/sub/b', 'b'],
    ['/', 'whole', 'whole/srv/sub/b', 'b'],
  ])('%s %s makes %s', async (source, target, made, content) => {
    await cp(`web:${source}`, local(target));
    expect(await read(made)).toBe(content);
  });

  it('keeps permissions and links', async () => {
    await cp('web:/srv', local('there'));
    expect((await stat(local('there/srv/a'))).mode & 0o7777).toBe(0o640);
    expect(await readlink(local('there/srv/link'))).toBe('a');
  });

  it('copies a link as a link, and with -L what it leads to, under the name of the link', async () => {
    await cp('web:/to-a', local('there'));
    expect(await readlink(local('there/to-a'))).toBe('/srv/a');
    await rm(local('there/to-a'));
    await cp('web:/to-a', local('there'), true);
    expect(await read('there/to-a')).toBe('a');
    await cp('web:/to-srv', local('there'), true);
    expect(await read('there/to-srv/sub/b')).toBe('b');
  });

  it('follows a link on this machine that is the target', async () => {
    await symlink('there', local('to-there'));
    await symlink('not-yet', local('to-nothing'));
    await cp('web:/srv/a', local('to-there'));
    expect(await read('there/a')).toBe('a');
    await cp('web:/srv/a', local('to-nothing'));
    expect(await read('not-yet')).toBe('a');
  });

  it.each([
    ['/srv', 'old', 'cannot copy directory'],
    ['/srv/a', 'nowhere/', 'no such directory'],
    ['/srv/a', 'nowhere/new', 'does not exist'],
    ['/missing', 'there', 'Could not find the file /missing in container web'],
  ])('%s %s is refused: %s', async (source, target, message) => {
    await expect(cp(`web:${source}`, local(target))).rejects.toThrow(message);
  });
});

describe('the ends of a copy', () => {
  it.each([
    ['a', 'b', 'must specify at least one container source'],
    ['./a:b', '/c:d', 'must specify at least one container source'],
    ['a:b', 'c:d', 'copying between containers is not supported'],
    ['', 'c:d', 'source can not be empty'],
    ['a:b', '', 'destination can not be empty'],
  ])('%j %j are refused', (source, target, message) => {
    expect(() => parseCopy(source, target)).toThrow(message);
  });

  it('keep further colons in the path', () => {
    expect(parseCopy('web:/a:b', '-')).toMatchObject({ container: 'web', source: '/a:b', target: '-' });
  });

  it('say that there is no such container', async () => {
    await expect(cp('ghost:/etc', '-')).rejects.toThrow('No such container: ghost');
    await expect(cp(here, 'ghost:/etc')).rejects.toThrow('No such container: ghost');
  });
});

async function collect(stream: PassThrough): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { imageOf, type TestImage } from '../fixtures/images.ts';
import { cacheDir } from '../fixtures/paths.ts';

const run = promisify(execFile);

/** What an image is made of; its files are taken from the machine's own. */
export interface ImagePlan {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  /** The part of the files that each layer has, lowest first; together 1. */
  readonly layers: readonly number[];
  /** Which files: images with different offsets have different ones. */
  readonly offset: number;
}

/** Programs, libraries, text: compressible as real images are, to some 40 %. */
const SOURCE = '/usr';
/** One giant would be an image of its own. */
const LARGEST_FILE = 64 * 1024 * 1024;

/** Made once for this machine, as that takes a minute and more. */
export async function pullImage(plan: ImagePlan): Promise<TestImage> {
  const folder = path.join(await cacheDir(), `pull-${plan.name}`);
  if (!existsSync(folder)) await make(plan, folder);
  const layers = plan.layers.map((_, index) => readFile(path.join(folder, layerFile(index))));
  return { config: await readFile(path.join(folder, 'config.json')), layers: await Promise.all(layers) };
}

async function make(plan: ImagePlan, folder: string): Promise<void> {
  console.log(`Making the image ${plan.name} of ${plan.files} files of this machine, once.`);
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished);
  try {
    const files = await sample(plan);
    const layers: Buffer[] = [];
    let taken = 0;
    for (const [index, part] of plan.layers.entries()) {
      const end = index === plan.layers.length - 1 ? files.length : taken + Math.round(part * files.length);
      layers.push(await writeLayer(path.join(unfinished, layerFile(index)), files.slice(taken, end)));
      taken = end;
    }
    await writeFile(path.join(unfinished, 'config.json'), imageOf(layers, { Cmd: ['sh'] }).config);
    await rename(unfinished, folder);
  } catch (thrown) {
    await rm(unfinished, { recursive: true, force: true });
    throw thrown;
  }
}

/** Files from all over, as many and as large as planned, sorted by path. */
async function sample({ files, bytes, offset }: ImagePlan): Promise<readonly string[]> {
  const all = await filesBelow(SOURCE);
  const taken: string[] = [];
  let total = 0;
  // A step without a common factor comes past each file once.
  for (let n = 0; n < all.length && taken.length < files; n++) {
    const file = all[(offset + n * 7919) % all.length];
    if (file === undefined) break;
    const { size } = await lstat(file);
    const soFar = (bytes * (taken.length + 1)) / files;
    if (size > LARGEST_FILE || total + size > soFar + bytes / 100) continue;
    taken.push(file);
    total += size;
  }
  return taken.sort();
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  return files.map((file) => path.join(file.parentPath, file.name)).sort();
}

/** With the folders around the files, each before what is in it, as builders write them. */
async function writeLayer(archive: string, files: readonly string[]): Promise<Buffer> {
  const entries = new Set<string>();
  for (const file of files) {
    for (let at = 1; (at = file.indexOf('/', at)) > 0; at++) entries.add(file.slice(1, at));
    entries.add(file.slice(1));
  }
  const list = `${archive}.list`;
  await writeFile(list, [...entries].join('\0'));
  const owner = ['--numeric-owner', '--owner=0', '--group=0', '--hard-dereference'];
  const input = ['-C', '/', '--no-recursion', '--null', '-T', list];
  await run('tar', [...owner, '-I', 'gzip -6', '-cf', archive, ...input]);
  await rm(list);
  return readFile(archive);
}

function layerFile(index: number): string {
  return `layer-${index}.tar.gz`;
}

import { posix } from 'node:path';
import { EngineError } from '../../errors/index.ts';
import type { WalkedFile } from '../../runtime/index.ts';
import { compileGlob, matchGlob } from '../dockerignore/glob.ts';
import { IgnoreRules } from '../dockerignore/index.ts';
import { isDirectory, isLink } from './file-tree.ts';

/** One thing to copy, and where it comes to lie from the destination: '' is the destination itself. */
export interface ChosenFile {
  readonly file: WalkedFile;
  readonly target: string;
}

/** One source of a copy, found. */
export interface ChosenSource {
  readonly top: WalkedFile;
  /** Of a folder: what is in it, and itself as ''. Of anything else: that alone, as ''. */
  readonly files: readonly ChosenFile[];
}

const WILDCARD = /[*?[\\]/;
const MAX_LINKS = 40;

/** Finds what a source of COPY means among files whose paths begin at its root. Nothing found: `not-found`. */
export function chooseFiles(
  files: readonly WalkedFile[],
  written: string,
  exclude: readonly string[],
): readonly ChosenSource[] {
  const path = cleaned(written);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const tops = WILDCARD.test(path) ? matching(files, path) : [found(byPath, path, written)];
  if (tops.length === 0) throw nothing(written);
  const rules = IgnoreRules.of(exclude);
  return tops
    .map((top) => ({ top, files: below(files, top, rules) }))
    .filter((source) => source.files.length > 0 || isDirectory(source.top));
}

/** Never above the root, whatever it says. */
function cleaned(path: string): string {
  return posix.resolve('/', path).slice(1);
}

function matching(files: readonly WalkedFile[], pattern: string): readonly WalkedFile[] {
  const glob = compileGlob(pattern);
  if (glob === null) {
    throw new EngineError('invalid-argument', `"${pattern.slice(0, 200)}" is no pattern.`, {
      detail: { step: 'copy', path: pattern.slice(0, 200) },
    });
  }
  const depth = pattern.split('/').length;
  const isDeep = pattern.includes('**');
  return files.filter(
    ({ path }) =>
      path !== '' && (isDeep || path.split('/').length === depth) && matchGlob(glob, path).matches,
  );
}

/** Links of the path are followed inside the root. */
function found(byPath: ReadonlyMap<string, WalkedFile>, path: string, written: string): WalkedFile {
  let parts = path.split('/').filter((part) => part !== '');
  let at = '';
  for (let links = 0; ;) {
    const part = parts.shift();
    if (part === undefined) break;
    const next = at === '' ? part : `${at}/${part}`;
    const file = byPath.get(next);
    if (file === undefined) throw nothing(written);
    if (!isLink(file)) {
      at = next;
      continue;
    }
    if (++links > MAX_LINKS) throw nothing(written);
    const target = posix.resolve('/', at, file.linkTarget).slice(1);
    parts = [...target.split('/').filter((name) => name !== ''), ...parts];
    at = '';
  }
  const file = byPath.get(at);
  if (file === undefined) throw nothing(written);
  return file;
}

function below(files: readonly WalkedFile[], top: WalkedFile, rules: IgnoreRules): readonly ChosenFile[] {
  if (!isDirectory(top)) {
    return rules.match(posix.basename(top.path)).ignored ? [] : [{ file: top, target: '' }];
  }
  const prefix = top.path === '' ? '' : `${top.path}/`;
  const inside = files.filter(({ path }) => path !== top.path && path !== '' && path.startsWith(prefix));
  const chosen = inside.map((file) => ({ file, target: file.path.slice(prefix.length) }));
  return [{ file: top, target: '' }, ...chosen.filter(({ target }) => !rules.match(target).ignored)];
}

function nothing(path: string): EngineError {
  return new EngineError('not-found', `There is no "${path.slice(0, 300)}" to copy.`, {
    detail: { step: 'copy', path: path.slice(0, 300) },
    hint: 'A path begins at the root of the context; .dockerignore may leave it out.',
  });
}

import { EngineError } from '../../../errors/index.ts';

/** What of a repository is wanted. */
export interface GitSource {
  /** `https://host/x.git#ref:folder`, as `docker build` takes it. */
  readonly url: string;
  readonly keepGitDir: boolean;
  /** The commit, or its beginning; null: any. */
  readonly checksum: string | null;
}

export interface GitAddress {
  /** As git takes it. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly ref: string;
  /** Relative; empty is the root. */
  readonly folder: string;
}

/** What git takes as a ref, and could not take as an option. */
const REF = /^[A-Za-z0-9_][\w./+@-]*$/;

/** A ref or folder that git could take for something else: `invalid-argument`. */
export function parseGitUrl(url: string): GitAddress {
  const [address = '', fragment = ''] = cut(url, '#');
  const [repository = '', query = ''] = cut(address, '?');
  const [ref = '', folder = ''] = cut(fragment, ':');
  const asked = new URLSearchParams(query);
  const refs = [ref, ...['ref', 'tag', 'branch', 'commit'].map((name) => asked.get(name))];
  const wanted = {
    repository: /^github\.com\//i.test(repository) ? `https://${repository}` : repository,
    ref: refs.find((each) => each !== null && each !== '') ?? 'HEAD',
    folder: folder === '' ? (asked.get('subdir') ?? '') : folder,
  };
  if (!REF.test(wanted.ref) || wanted.ref.includes('..') || wanted.repository.startsWith('-')) {
    throw new EngineError('invalid-argument', `"${url.slice(0, 300)}" names no commit of a repository.`, {
      detail: { step: 'git', path: url.slice(0, 300) },
      hint: 'It is written https://HOST/PATH.git#BRANCH:FOLDER.',
    });
  }
  return wanted;
}

/** At the first mark. */
function cut(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

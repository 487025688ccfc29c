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
  const hash = url.indexOf('#');
  const address = hash === -1 ? url : url.slice(0, hash);
  const [ref = '', ...folder] = (hash === -1 ? '' : url.slice(hash + 1)).split(':');
  const [withoutQuery = '', query = ''] = address.split('?', 2);
  const asked = new URLSearchParams(query);
  const named = ref || asked.get('ref') || asked.get('tag') || asked.get('branch') || asked.get('commit');
  const wanted = {
    repository: /^github\.com\//i.test(withoutQuery) ? `https://${withoutQuery}` : withoutQuery,
    ref: named ?? 'HEAD',
    folder: folder.join(':') || asked.get('subdir') || '',
  };
  if (!REF.test(wanted.ref) || wanted.ref.includes('..') || wanted.repository.startsWith('-')) {
    throw new EngineError('invalid-argument', `"${url.slice(0, 300)}" names no commit of a repository.`, {
      detail: { step: 'git', path: url.slice(0, 300) },
      hint: 'It is written https://HOST/PATH.git#BRANCH:FOLDER.',
    });
  }
  return wanted;
}

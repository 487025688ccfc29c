import { useEffect, useRef, useState } from 'react';
import { EngineError } from '@longshore/engine/errors';
import { reportError } from '../../lib/report-error.ts';
import { saveFile } from '../../lib/save-file.ts';
import { packTar } from '../../lib/tar/index.ts';
import { useText } from '../../messages/use-text.ts';
import { useToasts } from '../../ui/toast-store.ts';
import type { FileRow } from './file-rows.ts';
import type { FileStore } from './file-store.ts';
import { baseName } from './paths.ts';
import { useRefreshFiles } from './queries.ts';
import { archiveBytes, entriesOf, fileBytes } from './read-file.ts';
import { type Given, sourcesOf, writeFiles } from './write-files.ts';

/** A question that is answered before something happens. */
export type FileQuestion =
  | { readonly kind: 'new-folder' }
  | { readonly kind: 'rename'; readonly row: FileRow }
  | { readonly kind: 'remove'; readonly rows: readonly FileRow[] }
  | { readonly kind: 'replace'; readonly given: readonly Given[]; readonly names: readonly string[] };

/** Bytes on their way, in or out. */
export interface Transfer {
  readonly direction: 'in' | 'out';
  readonly name: string;
  readonly bytes: number;
  readonly cancel: () => void;
}

export interface FileActions {
  readonly question: FileQuestion | undefined;
  readonly transfer: Transfer | undefined;
  readonly ask: (question: FileQuestion | undefined) => void;
  readonly open: (row: FileRow) => void;
  readonly download: (rows: readonly FileRow[]) => void;
  /** Asks first when something of these names is there. */
  readonly offer: (given: readonly Given[]) => void;
  readonly upload: (given: readonly Given[]) => void;
  readonly copyOut: FileStore['copyOut'];
}

interface FileActionsOptions {
  readonly store: FileStore;
  readonly folder: string;
  readonly names: ReadonlySet<string>;
  readonly goTo: (folder: string) => void;
  readonly show: (path: string) => void;
}

const DIRECTORY = 0o040000;
const KIND = 0o170000;

export function useFileActions({ store, folder, names, goTo, show }: FileActionsOptions): FileActions {
  const t = useText();
  const refresh = useRefreshFiles(store);
  const [question, ask] = useState<FileQuestion | undefined>();
  const { transfer, run } = useTransfer();

  /** A link leads to what it ends at. */
  const follow = async ({ path }: FileRow) => {
    const { linkTarget } = await store.stat(path);
    const target = linkTarget ?? path;
    const { mode } = await store.stat(target);
    if ((mode & KIND) === DIRECTORY) goTo(target);
    else show(target);
  };
  const open = (row: FileRow) => {
    if (row.entry.type === 'directory') goTo(row.path);
    else if (row.entry.type === 'link') follow(row).catch((error: unknown) => reportError(error));
    else show(row.path);
  };
  const upload = (given: readonly Given[]) => {
    ask(undefined);
    const name = given.length === 1 ? (given[0]?.path ?? '') : t('files.several', { count: given.length });
    run('in', name, async (signal, progress) => {
      try {
        await writeFiles(store, folder, sourcesOf(given), { signal, progress });
        useToasts.getState().show({ tone: 'ok', title: t('files.uploaded', { name, count: given.length }) });
      } finally {
        await refresh();
      }
    });
  };
  const offer = (given: readonly Given[]) => {
    if (given.length === 0) return;
    const tops = [...new Set(given.map(({ path }) => path.split('/')[0] ?? path))];
    const taken = tops.filter((name) => names.has(name));
    if (taken.length > 0) ask({ kind: 'replace', given, names: taken });
    else upload(given);
  };
  const download = (rows: readonly FileRow[]) => {
    const [first] = rows;
    if (first === undefined) return;
    const one = rows.length === 1;
    const plain = one && first.entry.type === 'file';
    const name = plain ? first.entry.name : `${one ? first.entry.name : baseName(folder) || 'files'}.tar`;
    run('out', name, async (signal, progress) => {
      const pieces = () =>
        plain
          ? fileBytes(store, first.path, signal)
          : one
            ? archiveBytes(store, first.path, signal)
            : packTar(
                entriesOf(
                  store,
                  rows.map(({ path }) => path),
                  signal,
                ),
              );
      const type = plain ? 'application/octet-stream' : 'application/x-tar';
      const saved = await saveFile(pieces, { name, type, signal, progress });
      if (saved) useToasts.getState().show({ tone: 'ok', title: t('export.saved', { file: name }) });
    });
  };
  return { question, transfer, ask, open, upload, offer, download, copyOut: store.copyOut };
}

type Work = (signal: AbortSignal, progress: (bytes: number) => void) => Promise<void>;

/** One at a time; it ends when the page goes. */
function useTransfer() {
  const [transfer, setTransfer] = useState<Transfer | undefined>();
  const current = useRef<AbortController | undefined>(undefined);
  const t = useText();
  useEffect(() => () => current.current?.abort(), []);
  const run = (direction: Transfer['direction'], name: string, work: Work) => {
    if (current.current !== undefined) {
      reportError(new EngineError('failed-precondition', t('files.oneAtATime')));
      return;
    }
    const abort = new AbortController();
    current.current = abort;
    const tell = (bytes: number) => setTransfer({ direction, name, bytes, cancel: () => abort.abort() });
    tell(0);
    work(abort.signal, tell)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) reportError(error);
      })
      .finally(() => {
        current.current = undefined;
        setTransfer(undefined);
      });
  };
  return { transfer, run };
}

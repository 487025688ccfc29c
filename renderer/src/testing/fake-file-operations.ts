import type { EngineHandlers } from '@longshore/engine/contract';
import type { FakeFiles } from './fake-files.ts';

export type FileOperation =
  | 'statPath'
  | 'listDirectory'
  | 'readArchive'
  | 'writeArchive'
  | 'removePath'
  | 'makeDirectory'
  | 'renamePath';

type Inputs<Noun extends 'containers' | 'volumes'> = Parameters<EngineHandlers[Noun]['statPath']>[0];

/** The operations on files, of whatever has files. */
export function fakeFileOperations<Noun extends 'containers' | 'volumes'>(
  filesOf: (input: Inputs<Noun>) => FakeFiles,
): Pick<EngineHandlers[Noun], FileOperation> {
  type Input<More = object> = Inputs<Noun> & { readonly path: string } & More;
  const operations = {
    statPath: async (input: Input) => {
      await Promise.resolve();
      return filesOf(input).stat(input.path);
    },
    listDirectory: async function* (input: Input) {
      yield* filesOf(input).list(input.path);
    },
    readArchive: async function* (input: Input) {
      yield* filesOf(input).read(input.path);
    },
    writeArchive: async function* (input: Input, up: AsyncIterable<Uint8Array>) {
      yield* filesOf(input).write(input.path, up);
    },
    removePath: async (input: Input<{ recursive: boolean }>) => {
      await Promise.resolve();
      return filesOf(input).remove(input.path, input.recursive);
    },
    makeDirectory: async (input: Input<{ mode: number }>) => {
      await Promise.resolve();
      return filesOf(input).makeFolder(input.path, input.mode);
    },
    renamePath: async (input: Input<{ newPath: string }>) => {
      await Promise.resolve();
      return filesOf(input).rename(input.path, input.newPath);
    },
  };
  // The inputs of both nouns differ only in who has the files, which is for the caller to know.
  return operations as unknown as Pick<EngineHandlers[Noun], FileOperation>;
}

import type { EngineClient } from '@longshore/engine/contract';
import type { ImageSummary, ImportProgress, LoadProgress } from '@longshore/engine/types';

/** `load`: images that were saved. `import`: a root file system, of which an image is made. */
export type LoadMode = 'load' | 'import';

export interface LoadStep {
  /** Of the file, on their way. */
  readonly sentBytes: number;
  readonly unpacking: boolean;
}

export interface LoadRequest {
  readonly mode: LoadMode;
  readonly file: File;
  /** Of an import: the new image's name; empty: none. */
  readonly reference: string;
  /** Of an import: instructions as in a Dockerfile, one a line. */
  readonly changes: readonly string[];
}

/** Sends one archive to the engine; answers with the images that came of it. */
export async function loadArchive(
  engine: EngineClient,
  request: LoadRequest,
  signal: AbortSignal,
  progress: (step: LoadStep) => void,
): Promise<readonly ImageSummary[]> {
  const { file, mode, reference, changes } = request;
  const name = file.name.slice(0, 255);
  let step: LoadStep = { sentBytes: 0, unpacking: false };
  const tell = (part: Partial<LoadStep>) => progress((step = { ...step, ...part }));
  if (mode === 'load') {
    const call = engine.images.load({ name }, { signal });
    const [, loaded] = await Promise.all([send(file, call, tell), lastOf<LoadProgress>(call, tell)]);
    return loaded?.stage === 'done' ? loaded.images.map(({ image }) => image) : [];
  }
  const named = reference === '' ? {} : { reference };
  const call = engine.images.import({ name, changes: [...changes], ...named }, { signal });
  const [, imported] = await Promise.all([send(file, call, tell), lastOf<ImportProgress>(call, tell)]);
  return imported?.stage === 'done' ? [imported.image] : [];
}

interface Receiver {
  send(bytes: Uint8Array): Promise<void>;
  end(): void;
}

async function send(file: File, call: Receiver, tell: (part: Partial<LoadStep>) => void): Promise<void> {
  const reader = file.stream().getReader();
  for (let sentBytes = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    await call.send(value);
    sentBytes += value.length;
    tell({ sentBytes });
  }
  call.end();
}

async function lastOf<Progress extends { readonly stage: string }>(
  steps: AsyncIterable<Progress>,
  tell: (part: Partial<LoadStep>) => void,
): Promise<Progress | undefined> {
  let last: Progress | undefined;
  for await (const step of steps) {
    if (step.stage === 'unpacking' && last?.stage !== 'unpacking') tell({ unpacking: true });
    last = step;
  }
  return last;
}

/** `ubuntu-24.04.tar.xz` would be an image called `ubuntu-24.04`. */
export function suggestedReference(file: string): string {
  const name = file.replace(/(\.tar)?(\.(gz|zst|tgz|xz|bz2))?$/, '').toLowerCase();
  return name.replace(/[^a-z0-9._-]+/g, '-').replace(/^[._-]+|[._-]+$/g, '');
}

import type { StarterImage } from '../../types/index.ts';
import type { LayerEntry } from './layer-file.ts';

/** What a starter image is made of. */
export interface StarterRecipe {
  readonly name: StarterImage['name'];
  readonly reference: string;
  readonly description: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** The program's file on this machine; null when this machine has none. */
  findProgram(): Promise<string | null>;
  entries(program: string): Promise<readonly LayerEntry[]>;
  /** What a person can do when there is no program. */
  readonly missingHint: string;
}

/** What programs expect of any root file system. */
export const BASE_ENTRIES: readonly LayerEntry[] = [
  ...['bin', 'dev', 'etc', 'home', 'proc', 'run', 'sys', 'usr', 'var'].map((name): LayerEntry => ({
    kind: 'directory',
    name,
    mode: 0o755,
  })),
  { kind: 'directory', name: 'root', mode: 0o700 },
  { kind: 'directory', name: 'tmp', mode: 0o1777 },
  { kind: 'directory', name: 'var/tmp', mode: 0o1777 },
  {
    kind: 'text',
    name: 'etc/passwd',
    mode: 0o644,
    text: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
  },
  {
    kind: 'text',
    name: 'etc/group',
    mode: 0o644,
    text: 'root:x:0:\ntty:x:5:\nusers:x:100:\nnogroup:x:65534:\n',
  },
];

import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type {
  ImageFileDifference,
  ImageFileOrigin,
  ImageFileState,
  ImageLayerFile,
  ImageSummary,
} from '@longshore/engine/types';
import { fakeImageDetails } from './fake-image-details.ts';
import type { FakeWorld } from './fake-world.ts';

type FileHandlers = Pick<EngineHandlers['images'], 'layerFiles' | 'fileOrigins' | 'readFile' | 'diff'>;

/** By layer, the lowest first; an image with fewer of them has the first of these. */
const LAYERS: readonly (readonly [path: string, content: string | null])[][] = [
  [
    ['/bin/sh', 'ELF\u0000'],
    ['/etc/debian_version', '12.11\n'],
    ['/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n'],
    ['/etc/motd', 'Welcome.\n'],
    ['/usr/lib/os-release', 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'],
  ],
  [
    ['/usr/local/bin/node', 'ELF\u0000'],
    ['/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nnode:x:1000:1000::/home/node:/bin/sh\n'],
    ['/etc/motd', null],
  ],
  [['/app/package.json', '{ "name": "shop-api", "version": "2.4.0" }\n']],
  [['/app/server.js', 'console.log("listening on 3000");\n']],
];

/** A few files in each layer, the same for all images, and those that images differ in by their names. */
export function fakeImageFiles(world: FakeWorld): FileHandlers {
  const layersOf = (name: string) => {
    const image = world.image(name);
    return fakeImageDetails(image).layers.map((layer, index) => ({ layer, files: filesOf(image, index) }));
  };
  const find = (image: string, wanted: string) => {
    const found = layersOf(image).find(({ layer }) => layer.digest === wanted || layer.diffId === wanted);
    if (found === undefined) throw new EngineError('not-found', `The image has no layer ${wanted}.`);
    return found;
  };
  return {
    layerFiles: async function* ({ image, layer }) {
      await Promise.resolve();
      yield find(image, layer).files.map(({ file }) => file);
    },
    fileOrigins: async function* ({ image, path }) {
      await Promise.resolve();
      for (const [layerIndex, { layer, files }] of [...layersOf(image).entries()].reverse()) {
        const said = files.find(({ file }) => file.path === path);
        if (said === undefined) continue;
        const origin: ImageFileOrigin = { layerIndex, layer, file: said.file };
        yield origin;
      }
    },
    readFile: async function* ({ image, layer, path }) {
      await Promise.resolve();
      const found = find(image, layer).files.find(({ file }) => file.path === path);
      if (found?.content === undefined) throw new EngineError('not-found', `The layer has no file ${path}.`);
      yield new TextEncoder().encode(found.content);
    },
    diff: async function* ({ image, other }) {
      await Promise.resolve();
      yield differences(world.image(image), world.image(other));
    },
  };
}

interface FakeFile {
  readonly file: ImageLayerFile;
  /** Undefined of a deletion. */
  readonly content: string | undefined;
}

function filesOf(image: ImageSummary, index: number): readonly FakeFile[] {
  return (LAYERS[index] ?? []).map(([path, content]) => ({
    content: content ?? undefined,
    file: {
      path,
      change: content === null ? 'deleted' : 'present',
      type: content === null ? 'unknown' : 'file',
      sizeBytes: content?.length ?? 0,
      mode: 0o100644,
      modifiedAt: image.createdAt ?? new Date(0).toISOString(),
      uid: 0,
      gid: 0,
      linkTarget: null,
    },
  }));
}

function differences(image: ImageSummary, other: ImageSummary): readonly ImageFileDifference[] {
  const state = (sizeBytes: number): ImageFileState => ({
    type: 'file',
    sizeBytes,
    mode: 0o100755,
    uid: 0,
    gid: 0,
    linkTarget: null,
  });
  const sizes = [image.sizeBytes, other.sizeBytes].map((size) => Math.round(size / 10));
  const [before = 0, after = 0] = sizes;
  return [
    { path: '/app/server.js', change: 'removed', before: state(4100), after: null },
    { path: '/etc/passwd', change: 'changed', before: state(921), after: state(968) },
    { path: '/usr/local/bin/main', change: 'changed', before: state(before), after: state(after) },
    { path: '/usr/share/doc/copyright', change: 'added', before: null, after: state(18_304) },
  ];
}

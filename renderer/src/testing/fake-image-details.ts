import type {
  ImageDetails,
  ImageHistoryEntry,
  ImageLayer,
  ImageRunConfig,
  ImageSummary,
} from '@longshore/engine/types';
import { fakeId } from './fake-parts.ts';

/** A step of a build, and the share of the image's bytes that it made; none for settings. */
type Step = readonly [createdBy: string, share?: number];

const DEBIAN: readonly Step[] = [["# debian.sh --arch 'amd64' out/ 'bookworm' '@1761523200'", 0.3]];

const SERVER: readonly Step[] = [
  ...DEBIAN,
  ['ENV NODE_VERSION=22.21.1'],
  [
    'RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends ca-certificates curl gnupg dirmngr xz-utils' +
      ' && curl -fsSLO --compressed "https://nodejs.org/dist/v$NODE_VERSION/node-v$NODE_VERSION-linux-x64.tar.xz"' +
      ' && tar -xJf "node-v$NODE_VERSION-linux-x64.tar.xz" -C /usr/local --strip-components=1 # buildkit',
    0.42,
  ],
  ['ENV DATABASE_PASSWORD=correct-horse'],
  ['WORKDIR /app', 0.00001],
  ['COPY package.json package-lock.json ./ # buildkit', 0.0004],
  ['RUN /bin/sh -c npm ci --omit=dev # buildkit', 0.26],
  ['COPY dist ./dist # buildkit', 0.01],
  ['USER node'],
  ['EXPOSE map[3000/tcp:{}]'],
  ['CMD ["node" "dist/server.js"]'],
];

const PLAIN: readonly Step[] = [
  ...DEBIAN,
  ['/bin/sh -c #(nop)  ENV LANG=C.UTF-8'],
  ['|1 VERSION=17.2 /bin/sh -c set -eux; make install', 0.68],
  ['/bin/sh -c #(nop) COPY file:a1f2c3 in /usr/local/bin/docker-entrypoint.sh', 0.02],
  ['/bin/sh -c #(nop)  ENTRYPOINT ["docker-entrypoint.sh"]'],
];

/** What the fake engine says of an image of which it only knows the row in the list. */
export function fakeImageDetails(image: ImageSummary): ImageDetails {
  const server = image.references.some((reference) => reference.startsWith('shop-'));
  const steps = image.references.includes('hello:latest') ? [] : server ? SERVER : PLAIN;
  const layers = steps.flatMap(([createdBy, share]) =>
    share === undefined ? [] : [fakeLayer(image, createdBy, share)],
  );
  return {
    ...image,
    manifestDigest: `sha256:${fakeId(`manifest ${image.id}`)}`,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: server ? SERVER_CONFIG : PLAIN_CONFIG,
    layers: layers.length > 0 ? layers : [fakeLayer(image, 'hello', 1)],
    history: steps.map(([createdBy, share]) => historyEntry(image, createdBy, share === undefined)),
    author: server ? 'Ana Petrov <ana@shop.example>' : null,
  };
}

const SERVER_CONFIG: ImageRunConfig = {
  user: 'node',
  env: [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'NODE_VERSION=22.21.1',
    'DATABASE_PASSWORD=correct-horse',
  ],
  entrypoint: ['docker-entrypoint.sh'],
  command: ['node', 'dist/server.js'],
  workingDir: '/app',
  exposedPorts: ['3000/tcp', '9229/tcp'],
  volumes: ['/app/uploads'],
  labels: {},
  stopSignal: 'SIGINT',
  healthcheck: null,
};

const PLAIN_CONFIG: ImageRunConfig = {
  user: '',
  env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
  entrypoint: ['docker-entrypoint.sh'],
  command: [],
  workingDir: '',
  exposedPorts: [],
  volumes: [],
  labels: {},
  stopSignal: null,
  healthcheck: null,
};

/** The base is the same for all, whatever else they are made of. */
function fakeLayer(image: ImageSummary, createdBy: string, share: number): ImageLayer {
  const base = createdBy.startsWith('# debian');
  const word = base ? 'debian' : `${image.id} ${createdBy}`;
  return {
    digest: `sha256:${fakeId(`layer ${word}`)}`,
    diffId: `sha256:${fakeId(`diff ${word}`)}`,
    chainId: `sha256:${fakeId(`chain ${word}`)}`,
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    sizeBytes: base ? 28_204_315 : Math.round(image.sizeBytes * share * 0.37),
  };
}

function historyEntry(image: ImageSummary, createdBy: string, emptyLayer: boolean): ImageHistoryEntry {
  return { createdAt: image.createdAt, createdBy, comment: '', emptyLayer };
}

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chainIds } from './chain-id.ts';
import { parseDigest } from './digest.ts';
import { MAX_MANIFEST_BYTES } from './document.ts';
import { parseImageConfig } from './image-config.ts';
import { parseManifest } from './manifest.ts';
import { MEDIA_TYPES } from './media-type.ts';

const digest = (fill: string): string => `sha256:${fill.repeat(64)}`;
const config = { mediaType: MEDIA_TYPES.ociConfig, digest: digest('a'), size: 10 };
const layer = { mediaType: MEDIA_TYPES.ociLayerGzip, digest: digest('b'), size: 20 };
const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: [layer] };
const index = {
  schemaVersion: 2,
  mediaType: MEDIA_TYPES.ociIndex,
  manifests: [{ mediaType: MEDIA_TYPES.ociManifest, digest: digest('c'), size: 30 }],
};

function encode(document: unknown): Uint8Array {
  return new TextEncoder().encode(typeof document === 'string' ? document : JSON.stringify(document));
}

describe('a manifest', () => {
  it('is read with its config and layers', () => {
    expect(parseManifest(encode(manifest), MEDIA_TYPES.ociManifest)).toEqual({
      kind: 'manifest',
      mediaType: MEDIA_TYPES.ociManifest,
      config,
      layers: [layer],
    });
  });

  it('is recognised by its header, by its own word, or by its shape', () => {
    const silent = { schemaVersion: 2, config, layers: [] };
    expect(parseManifest(encode(silent), `${MEDIA_TYPES.ociManifest}; charset=utf-8`).kind).toBe('manifest');
    expect(parseManifest(encode(manifest), 'application/json').kind).toBe('manifest');
    expect(parseManifest(encode(silent), null).kind).toBe('manifest');
    expect(parseManifest(encode({ schemaVersion: 2, manifests: [] }), null).kind).toBe('index');
    expect(parseManifest(encode(index), MEDIA_TYPES.ociIndex).kind).toBe('index');
  });

  it('does not follow addresses or data that a descriptor brings along', () => {
    const foreign = { ...layer, urls: ['http://169.254.169.254/'], data: 'aGk=' };
    const parsed = parseManifest(encode({ ...manifest, layers: [foreign] }), null);
    expect(parsed).toMatchObject({ layers: [layer] });
    expect(JSON.stringify(parsed)).not.toContain('169.254');
  });

  it.each<[string, unknown, string | null]>([
    ['is both a manifest and an index', { ...manifest, manifests: index.manifests }, null],
    ['has layers and manifests', { schemaVersion: 2, manifests: [], layers: [] }, MEDIA_TYPES.ociIndex],
    ['is served as another kind', manifest, MEDIA_TYPES.ociIndex],
    ['is an index served as a manifest', index, MEDIA_TYPES.ociManifest],
    ['says to be something else', { ...manifest, mediaType: 'text/html' }, null],
    ['is no object', [], null],
    ['is no JSON', '{', null],
    ['is not UTF-8', '"\ud800"', null],
    ['has a size below zero', { ...manifest, layers: [{ ...layer, size: -1 }] }, null],
    ['has a size beyond counting', { ...manifest, layers: [{ ...layer, size: 2 ** 60 }] }, null],
    ['has a digest that is a path', { ...manifest, config: { ...config, digest: 'sha256:../../x' } }, null],
    ['has too many layers', { ...manifest, layers: Array.from({ length: 501 }, () => layer) }, null],
    ['is of no version', { ...manifest, schemaVersion: 3 }, null],
    ['is nested ten thousand deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, null],
  ])('that %s is refused', (_name, document, contentType) => {
    expect(() => parseManifest(encode(document), contentType)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }) as Error,
    );
  });

  it('larger than allowed is refused unread', () => {
    const bytes = new Uint8Array(MAX_MANIFEST_BYTES + 1).fill(0x20);
    expect(() => parseManifest(bytes, null)).toThrow('larger');
  });

  it('of schema 1 is refused by that name', () => {
    expect(() => parseManifest(encode({ schemaVersion: 1, fsLayers: [] }), null)).toThrow('schema 1');
  });

  it('never makes anything but a typed error out of damaged bytes', () => {
    const whole = encode(manifest);
    for (let at = 0; at < whole.byteLength; at++) {
      for (const value of [0, 0x22, 0x7b, 0xff]) {
        const damaged = whole.slice();
        damaged[at] = value;
        try {
          parseManifest(damaged, null);
        } catch (thrown) {
          expect(thrown).toMatchObject({ name: 'EngineError' });
        }
      }
    }
  });
});

describe('an image config', () => {
  const minimal = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digest('d')] } };

  it('is read with its gaps filled', () => {
    expect(parseImageConfig(encode(minimal))).toEqual({
      platform: { os: 'linux', architecture: 'amd64' },
      createdAt: null,
      author: null,
      run: {
        user: '',
        env: [],
        entrypoint: [],
        command: [],
        workingDir: '',
        exposedPorts: [],
        volumes: [],
        labels: {},
        stopSignal: null,
        healthcheck: null,
      },
      diffIds: [digest('d')],
      history: [],
    });
  });

  it('may have nulls where Go has them', () => {
    const nulls = {
      Env: null,
      Cmd: null,
      Entrypoint: null,
      Volumes: null,
      Labels: null,
      ExposedPorts: { '80/tcp': {} },
    };
    const { run } = parseImageConfig(encode({ ...minimal, config: nulls, history: null }));
    expect(run).toMatchObject({ env: [], command: [], entrypoint: [], exposedPorts: ['80/tcp'] });
  });

  it('has no environment variable without a value', () => {
    const { run } = parseImageConfig(encode({ ...minimal, config: { Env: ['HOME', '=x', 'A=', 'B=1'] } }));
    expect(run.env).toEqual(['A=', 'B=1']);
  });

  it('takes year 1 and nonsense for an unknown time', () => {
    for (const created of ['0001-01-01T00:00:00Z', 'yesterday', null]) {
      expect(parseImageConfig(encode({ ...minimal, created })).createdAt).toBeNull();
    }
  });

  it.each([
    ['DiffIDs that are none', { ...minimal, rootfs: { type: 'layers', diff_ids: ['x'] } }],
    ['no file system', { architecture: 'amd64', os: 'linux' }],
    ['words that are numbers', { ...minimal, config: { Cmd: [1] } }],
  ])('with %s is refused', (_name, document) => {
    expect(() => parseImageConfig(encode(document))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }) as Error,
    );
  });
});

describe('ChainIDs', () => {
  it('are those of the image specification', () => {
    const sha256 = (text: string) => parseDigest(`sha256:${createHash('sha256').update(text).digest('hex')}`);
    const [a, b, c] = ['a', 'b', 'c'].map((fill) => parseDigest(digest(fill)));
    const second = sha256(`${a!} ${b!}`);
    expect(chainIds([a!, b!, c!], sha256)).toEqual([a, second, sha256(`${second} ${c!}`)]);
    expect(chainIds([], sha256)).toEqual([]);
  });
});

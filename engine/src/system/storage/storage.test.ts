import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeAgent } from '../../testing/runtime/index.ts';
import { diskBytes } from './measuring.ts';
import type { StorageNouns } from './nouns.ts';
import { Storage } from './storage.ts';
import { usagePart } from './usage-part.ts';

const context = { signal: new AbortController().signal };
const FILTERS = { all: false, volumes: false, labels: [], labelsNot: [] };

let folder: string;
let asked: (readonly [string, ...unknown[]])[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-storage-'));
  asked = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* none() {}

const sized = (id: string, bytes: number) => ({ id, name: `the ${id}`, bytes });

/** One of each kind, each asked for as Docker's order has it. */
function nouns(): StorageNouns {
  const told =
    <T>(name: string, answer: T) =>
    (filters: unknown): T => {
      asked.push([name, filters]);
      return answer;
    };
  return {
    images: {
      usage: async () => ({
        images: { totalBytes: 1000, reclaimableBytes: 400, activeCount: 1, items: [] },
        partialDownloads: { totalBytes: 0, reclaimableBytes: 0, activeCount: 0, items: [] },
      }),
      prunable: async (filters, { without, released }) => {
        asked.push(['images without', [...without], [...released]]);
        return { items: [sized('image', 7)], freedBytes: filters.all ? 70 : 7 };
      },
      prune: async (filters) =>
        told('images', { untagged: ['a:1'], deleted: ['image'], freedBytes: 7 })(filters),
    },
    containers: {
      handlers: {
        list: async () => [],
        usage: none,
        prune: async (filters) => told('containers', { removed: ['container'], freedBytes: 1 })(filters),
      },
      prunable: async () => [sized('container', 1)],
    },
    networks: {
      handlers: {
        prune: async (filters) => told('networks', { removed: [{ id: 'n', name: 'net' }] })(filters),
      },
      prunable: (_, without) => (without.has('container') ? [sized('n', 0)] : []),
    },
    volumes: {
      handlers: {
        list: async () => [],
        usage: none,
        trash: async () => [
          {
            id: 't',
            name: 'v',
            labels: {},
            options: {},
            anonymous: false,
            createdAt: '',
            removedAt: '',
            expiresAt: '',
            sizeBytes: 50,
          },
        ],
        prune: async (filters) => told('volumes', { removed: ['v'], freedBytes: 20 })(filters),
      },
      prunable: async (_, without) => (without.has('container') ? [sized('v', 20)] : []),
    },
    buildCache: {
      usage: async () =>
        usagePart(
          [
            {
              id: 'c',
              description: '',
              sizeBytes: 300,
              inUse: false,
              shared: false,
              createdAt: '',
              lastUsedAt: '',
            },
          ],
          ({ sizeBytes }) => sizeBytes,
          ({ inUse }) => inUse,
        ),
      prunable: async () => ({ items: [sized('c', 300)], released: new Set(['layer']), folderBytes: 300 }),
      prune: async (filters) => told('build cache', { removed: ['c'], freedBytes: 300 })(filters),
    },
  };
}

function storage() {
  const agent = new FakeAgent();
  agent.takenBytes = 5000;
  return new Storage({ dataDir: folder, agent, nouns: nouns() }).handlers;
}

describe('what the data folder takes', () => {
  it('is measured as du does: links are no files, a file with two names is one', async () => {
    mkdirSync(join(folder, 'below'));
    writeFileSync(join(folder, 'below', 'a'), Buffer.alloc(100_000));
    linkSync(join(folder, 'below', 'a'), join(folder, 'b'));
    symlinkSync('/usr', join(folder, 'link'));
    const du = Number(
      execFileSync('du', ['-s', '--block-size=1', folder], { encoding: 'utf8' }).split('\t')[0],
    );
    expect(await diskBytes(folder, new Set(), context.signal)).toBe(du);
    const without = await diskBytes(folder, new Set([join(folder, 'below')]), context.signal);
    expect(without).toBeLessThan(du);
  });

  it('is told part by part, and nothing is left over or counted twice', async () => {
    const usage = await storage().diskUsage({}, context);
    const known = 1000 + 50 + 300;
    expect(usage).toMatchObject({
      images: { totalBytes: 1000 },
      volumeTrash: { totalBytes: 50 },
      buildCache: { totalBytes: 300 },
    });
    expect(usage.totalBytes).toBeGreaterThanOrEqual(5000);
    expect(usage.otherBytes).toBe(usage.totalBytes - known);
    expect(usage.reclaimableBytes).toBe(400 + 50 + 300);
  });
});

describe('a prune of everything', () => {
  it('is told beforehand, as things will be once the containers are gone', async () => {
    const prunable = await storage().prunable({ ...FILTERS, volumes: true }, context);
    expect(asked).toEqual([['images without', ['container'], ['layer']]]);
    expect(prunable).toMatchObject({
      containers: [{ id: 'container' }],
      networks: [{ id: 'n' }],
      volumes: [{ id: 'v' }],
      images: [{ id: 'image' }],
      buildCache: [{ id: 'c' }],
      freedBytes: 1 + 20 + 7 + 300,
    });
  });

  it('takes what is needed by something after it, and volumes only when they are meant', async () => {
    expect(await storage().prune(FILTERS, context)).toMatchObject({ volumes: [], freedBytes: 1 + 7 + 300 });
    expect(asked.map(([name]) => name)).toEqual(['containers', 'networks', 'images', 'build cache']);
    asked = [];
    await storage().prune({ ...FILTERS, volumes: true }, context);
    expect(asked.map(([name]) => name)).toEqual([
      'containers',
      'networks',
      'volumes',
      'images',
      'build cache',
    ]);
    expect(asked[2]).toEqual(['volumes', { all: false, labels: [], labelsNot: [] }]);
  });

  it('by labels leaves the build cache, which has none', async () => {
    const { buildCache } = await storage().prune({ ...FILTERS, labels: ['a'] }, context);
    expect(buildCache).toEqual([]);
  });
});

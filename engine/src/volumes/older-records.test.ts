import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainersBench } from '../testing/runtime/containers-bench.ts';
import { file } from '../testing/runtime/fake-tree.ts';
import { FakeRuntime } from '../testing/runtime/index.ts';
import { FakeVolumeStore } from '../testing/volumes/index.ts';

const context = { signal: new AbortController().signal };

/**
 * As format 1 of the data folder writes them. These texts never change: a record that this version cannot read any more
 * needs another format, and a way from this one to it.
 */
const NETWORK_ID = '5ea0'.padEnd(64, '0');
const NETWORK = `{"id":"${NETWORK_ID}","value":{"id":"${NETWORK_ID}","name":"sea","driver":"bridge","createdAt":"2026-01-01T00:00:00.000Z","ipv4":true,"ipv6":false,"internal":false,"attachable":true,"labels":{"role":"front"},"options":{"com.docker.network.driver.mtu":"1400"},"subnets":[{"subnet":"10.9.0.0/24","gateway":"10.9.0.1","range":null,"reserved":{"printer":"10.9.0.5"}}],"link":"ls-0000005e"}}`;
const DATA = `{"name":"data","labels":{"role":"db"},"options":{},"anonymous":false,"createdAt":"2026-01-01T00:00:00.000Z"}`;

/** The same text is beside the data. */
const VOLUME = `{"id":"data","value":${DATA}}`;

describe('a data folder of format 1', () => {
  let place: string;
  let store: FakeVolumeStore;
  let bench: ContainersBench;
  const runtime = new FakeRuntime();

  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'longshore-format-1-'));
    store = new FakeVolumeStore(runtime.clock);
    await store.create({ name: 'data', options: {}, record: DATA });
    store.of('data').nodes.set('/file', file('kept'));
    for (const noun of ['networks', 'volumes']) await mkdir(join(place, noun));
  });
  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
    await rm(place, { recursive: true, force: true });
  });

  const open = async (network: string, volume: string): Promise<void> => {
    await writeFile(join(place, 'networks', `${NETWORK_ID}.json`), network);
    await writeFile(join(place, 'volumes', 'data.json'), volume);
    bench = await ContainersBench.open(place, runtime, store);
    bench.volumes.beginUpkeep(() => Promise.resolve());
  };
  const inspectVolume = () => bench.volumes.handlers.inspect({ volume: 'data' }, context);
  const inspectNetwork = () => bench.networks.handlers.inspect({ network: 'sea' }, context);

  it.each([
    ['as it is', NETWORK, VOLUME],
    ['of a version that keeps more', withMore(NETWORK), withMore(VOLUME)],
  ])('%s has its networks and volumes', async (_, network, volume) => {
    await open(network, volume);
    expect(await inspectNetwork()).toMatchObject({
      id: NETWORK_ID,
      labels: { role: 'front' },
      options: { 'com.docker.network.driver.mtu': '1400' },
      subnets: [{ subnet: '10.9.0.0/24', gateway: '10.9.0.1', reserved: { printer: '10.9.0.5' } }],
    });
    expect(await inspectVolume()).toMatchObject({ labels: { role: 'db' }, anonymous: false });
    expect(store.of('data').get('/file').content.toString()).toBe('kept');
    expect(await readdir(join(place, 'volumes'))).toEqual(['data.json']);
    expect(await readdir(join(place, 'networks'))).toEqual([`${NETWORK_ID}.json`]);
  });

  it('with records that cannot be read keeps that of a network aside, and writes that of a volume from its data', async () => {
    await open('{"id":', '{"name":"data"');
    await expect.poll(inspectVolume).toMatchObject({ labels: { role: 'db' } });
    expect(store.of('data').get('/file').content.toString()).toBe('kept');
    expect(await readdir(join(place, 'networks', 'quarantine'))).toEqual([`${NETWORK_ID}.json`]);
  });
});

function withMore(record: string): string {
  return record
    .replaceAll('{"id":', '{"unheardOf":{"a":[1]},"id":')
    .replace('"value":{"name"', '"value":{"more":1,"name"');
}

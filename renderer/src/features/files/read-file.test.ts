import { describe, expect, it } from 'vitest';
import { FakeFiles, textNode } from '../../testing/fake-files.ts';
import type { FileStore } from './file-store.ts';
import { dataUrl, fileBytes, pictureType, readStart, textOf } from './read-file.ts';

const files = new FakeFiles({ '/etc/motd': textNode('hello'), '/big': textNode('ä'.repeat(1000)) });
const store = { read: (path: string) => files.read(path) } as unknown as FileStore;
const { signal } = new AbortController();

describe('a file', () => {
  it('is read as far as it is wanted', async () => {
    expect(textOf(await readStart(store, '/etc/motd', 100, signal))).toBe('hello');
    const start = await readStart(store, '/big', 101, signal);
    expect(start.cut).toBe(true);
    expect(textOf(start)).toBe('ä'.repeat(50));
  });

  it('comes without the archive around it', async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of fileBytes(store, '/big', signal)) pieces.push(piece);
    expect(pieces.reduce((total, { length }) => total + length, 0)).toBe(2000);
  });
});

it.each([
  ['bytes that are no text', [0x66, 0xff, 0x66]],
  ['a zero', [0x66, 0, 0x66]],
])('%s: no text', (_what, bytes) => {
  expect(textOf({ bytes: Uint8Array.from(bytes), cut: false })).toBeUndefined();
});

it('tells pictures by their names', () => {
  expect(pictureType('Logo.PNG')).toBe('image/png');
  expect(pictureType('png')).toBeUndefined();
  expect(pictureType('a.tar.gz')).toBeUndefined();
  expect(dataUrl(Uint8Array.from([1, 2, 3]), 'image/png')).toBe('data:image/png;base64,AQID');
});

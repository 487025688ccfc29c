import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SaveDoor } from './save-door.ts';
import { saveFile } from './save-file.ts';

const signal = new AbortController().signal;
const options = { name: 'web.tar', type: 'application/x-tar', signal };

async function* pieces(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield new Uint8Array(3);
  yield new Uint8Array(4);
}

function doorOf(part: Partial<SaveDoor> = {}): SaveDoor {
  const door: SaveDoor = {
    start: vi.fn<SaveDoor['start']>(() => Promise.resolve({ ok: true, id: 7 })),
    write: vi.fn<SaveDoor['write']>(() => Promise.resolve({ ok: true })),
    end: vi.fn<SaveDoor['end']>(() => Promise.resolve({ ok: true })),
    ...part,
  };
  vi.stubGlobal('longshore', { saveFile: door });
  return door;
}

afterEach(() => vi.unstubAllGlobals());

describe('saveFile in the window', () => {
  it('writes each piece to the disk, and says when it is whole', async () => {
    const door = doorOf();
    const progress = vi.fn();
    expect(await saveFile(pieces, { ...options, progress })).toBe(true);
    expect(vi.mocked(door.write).mock.calls.map(([id, bytes]) => [id, bytes.length])).toEqual([
      [7, 3],
      [7, 4],
    ]);
    expect(progress.mock.calls).toEqual([[3], [7]]);
    expect(vi.mocked(door.end).mock.calls).toEqual([[7, true]]);
  });

  it('reads nothing when the person gives up', async () => {
    doorOf({ start: () => Promise.resolve({ ok: true, id: null }) });
    const source = vi.fn(pieces);
    expect(await saveFile(source, options)).toBe(false);
    expect(source).not.toHaveBeenCalled();
  });

  it('throws away what is not whole, and says why', async () => {
    const full = doorOf({ write: () => Promise.resolve({ ok: false, reason: 'ENOSPC' }) });
    await expect(saveFile(pieces, options)).rejects.toThrow(/disk is full/);
    expect(vi.mocked(full.end).mock.calls).toEqual([[7, false]]);
    const broken = doorOf();
    const failing = async function* () {
      yield* pieces();
      throw new Error('the engine has gone');
    };
    await expect(saveFile(failing, options)).rejects.toThrow('the engine has gone');
    expect(vi.mocked(broken.end).mock.calls).toEqual([[7, false]]);
  });
});
